/**
 * The certificates of one run of the dev cluster, made by certificate authorities that live no
 * longer than the run.
 */
@NullMarked
package dev.rouse.devcluster.pki;

import org.jspecify.annotations.NullMarked;
