/** The protocol between brain and hands, over the JDK's HTTP server. */
@NullMarked
package dev.rouse.hands.http;

import org.jspecify.annotations.NullMarked;
