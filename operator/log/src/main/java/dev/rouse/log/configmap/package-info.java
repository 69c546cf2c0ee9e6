/**
 * Session logs in ConfigMaps: nothing to install but Kubernetes.
 *
 * <p>One mutable object per session, the <em>tail</em>, is the log: it names the segments that came
 * before and holds the newest commits itself. An append is one update of it with its resource
 * version. Segments are immutable objects with names that are never used twice; one that no tail
 * names does not exist. The format is described in {@code docs/design/log-format.md}.
 */
@NullMarked
package dev.rouse.log.configmap;

import org.jspecify.annotations.NullMarked;
