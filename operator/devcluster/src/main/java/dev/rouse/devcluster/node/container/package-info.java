/** What a container's process is started with: command, environment, places of its mounts. */
@NullMarked
package dev.rouse.devcluster.node.container;

import org.jspecify.annotations.NullMarked;
