/** The tool bash: one shell for the life of the process. */
@NullMarked
package dev.rouse.hands.bash;

import org.jspecify.annotations.NullMarked;
