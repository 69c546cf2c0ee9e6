/** What sandboxes and brains may talk to: network policies, before the first pod of a namespace. */
@NullMarked
package dev.rouse.controller.isolation;

import org.jspecify.annotations.NullMarked;
