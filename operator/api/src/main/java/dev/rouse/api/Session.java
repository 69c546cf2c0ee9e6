package dev.rouse.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** One conversation with an agent, and the work it does: durable, resumable, cheap when idle. */
@Group(Rouse.GROUP)
@Version(Rouse.VERSION)
@Kind("Session")
@Singular("session")
@Plural("sessions")
@ShortNames("sess")
public class Session extends CustomResource<SessionSpec, SessionStatus> implements Namespaced {}
