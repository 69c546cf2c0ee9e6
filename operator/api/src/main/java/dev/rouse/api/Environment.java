package dev.rouse.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A template for sandboxes: where the hands of a session run, and what they may reach. */
@Group(Rouse.GROUP)
@Version(Rouse.VERSION)
@Kind("Environment")
@Singular("environment")
@Plural("environments")
@ShortNames("agtenv")
public class Environment extends CustomResource<EnvironmentSpec, EnvironmentStatus>
    implements Namespaced {}
