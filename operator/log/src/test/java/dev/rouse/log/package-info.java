/** Tests of the log, and the contract that every store's tests extend. */
@NullMarked
package dev.rouse.log;

import org.jspecify.annotations.NullMarked;
