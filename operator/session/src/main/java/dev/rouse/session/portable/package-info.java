/**
 * The file that holds a whole session: how it is written, read, and what is wrong with one. Pure,
 * and the same for server and command line.
 */
@NullMarked
package dev.rouse.session.portable;

import org.jspecify.annotations.NullMarked;
