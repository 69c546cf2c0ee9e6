@NullMarked
package dev.rouse.hands;

import org.jspecify.annotations.NullMarked;
