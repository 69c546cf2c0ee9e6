/** What these hands did, on disk: written before it is done, and again before it is told. */
@NullMarked
package dev.rouse.hands.journal;

import org.jspecify.annotations.NullMarked;
