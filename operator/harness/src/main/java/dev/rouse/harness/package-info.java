@NullMarked
package dev.rouse.harness;

import org.jspecify.annotations.NullMarked;
