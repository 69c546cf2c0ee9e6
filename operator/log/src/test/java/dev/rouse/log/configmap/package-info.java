/** Tests of the ConfigMap store. */
@NullMarked
package dev.rouse.log.configmap;

import org.jspecify.annotations.NullMarked;
