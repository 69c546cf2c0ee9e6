@NullMarked
package dev.rouse.session;

import org.jspecify.annotations.NullMarked;
