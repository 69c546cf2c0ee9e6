/** Who calls, and what they may: token reviews and access reviews, cached for seconds. */
@NullMarked
package dev.rouse.server.auth;

import org.jspecify.annotations.NullMarked;
