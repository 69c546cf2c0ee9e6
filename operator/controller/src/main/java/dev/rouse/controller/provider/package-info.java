/** ModelProviders: whether their keys are there. */
@NullMarked
package dev.rouse.controller.provider;

import org.jspecify.annotations.NullMarked;
