@NullMarked
package dev.rouse.server;

import org.jspecify.annotations.NullMarked;
