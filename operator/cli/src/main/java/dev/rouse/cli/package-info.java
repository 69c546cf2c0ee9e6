@NullMarked
package dev.rouse.cli;

import org.jspecify.annotations.NullMarked;
