/**
 * The records of the two internal protocols: brain to server ({@code /internal/v1/sessions/{uid}})
 * and brain to hands. JSON through {@link dev.rouse.session.EventCodec#JSON}.
 */
@NullMarked
package dev.rouse.session.protocol;

import org.jspecify.annotations.NullMarked;
