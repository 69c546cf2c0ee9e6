/** Files and directories, for who makes and removes whole trees of them. */
@NullMarked
package dev.rouse.devcluster.file;

import org.jspecify.annotations.NullMarked;
