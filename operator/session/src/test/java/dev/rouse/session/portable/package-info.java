@NullMarked
package dev.rouse.session.portable;

import org.jspecify.annotations.NullMarked;
