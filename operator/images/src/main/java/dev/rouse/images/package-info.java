/**
 * Container images of the programs, made without a container engine and without a registry: {@link
 * dev.rouse.images.Stage} lays out what goes into them, {@link dev.rouse.images.Caches} gives each
 * program a cache that lets it start fast, {@link dev.rouse.images.ImageBuild} writes the images.
 */
@NullMarked
package dev.rouse.images;

import org.jspecify.annotations.NullMarked;
