/** The tools that work on files of the workspace. */
@NullMarked
package dev.rouse.hands.file;

import org.jspecify.annotations.NullMarked;
