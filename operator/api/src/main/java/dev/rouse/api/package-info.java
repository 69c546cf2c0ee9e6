@NullMarked
package dev.rouse.api;

import org.jspecify.annotations.NullMarked;
