/** Sessions: a brain while there is work, hands while the brain wants them. */
@NullMarked
package dev.rouse.controller.session;

import org.jspecify.annotations.NullMarked;
