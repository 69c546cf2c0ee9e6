@NullMarked
package dev.rouse.controller;

import org.jspecify.annotations.NullMarked;
