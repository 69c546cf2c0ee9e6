/** Makes a directory and a PersistentVolume for each claim of the dev cluster's storage class. */
@NullMarked
package dev.rouse.devcluster.storage;

import org.jspecify.annotations.NullMarked;
