/** Tests of the vocabulary and the fold. */
@NullMarked
package dev.rouse.session;

import org.jspecify.annotations.NullMarked;
