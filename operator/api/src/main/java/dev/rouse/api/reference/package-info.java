/** What a Session's references lead to: one pure function, shared by operator and server. */
@NullMarked
package dev.rouse.api.reference;

import org.jspecify.annotations.NullMarked;
