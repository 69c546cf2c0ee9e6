@NullMarked
package dev.rouse.log;

import org.jspecify.annotations.NullMarked;
