/**
 * The custom resources of group {@code rouse.dev}, and what every part agrees on about them: names,
 * conditions, reference resolution and agent versions. The files in {@code crds/} are generated
 * from these records.
 */
@NullMarked
package dev.rouse.api;

import org.jspecify.annotations.NullMarked;
