package dev.rouse.server.resource;

import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import java.util.Optional;

/** The objects that the wire's ids name; an id is an object's UID. */
public interface ById {

  Optional<Agent> agentOf(String namespace, String uid);

  Optional<Environment> environmentOf(String namespace, String uid);
}
