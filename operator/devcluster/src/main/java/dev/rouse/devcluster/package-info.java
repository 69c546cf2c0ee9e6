@NullMarked
package dev.rouse.devcluster;

import org.jspecify.annotations.NullMarked;
