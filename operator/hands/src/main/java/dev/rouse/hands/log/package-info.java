/** What the hands tell whoever runs them. */
@NullMarked
package dev.rouse.hands.log;

import org.jspecify.annotations.NullMarked;
