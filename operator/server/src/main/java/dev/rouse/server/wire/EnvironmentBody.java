package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Environment;
import dev.rouse.api.WireIds;
import dev.rouse.api.wire.EnvironmentWire;
import dev.rouse.server.resource.OwnedFields;
import dev.rouse.session.EventCodec;

/** The wire's environment object (contract §1.3). */
final class EnvironmentBody {

  private EnvironmentBody() {}

  static ObjectNode of(Environment environment) {
    ObjectNode body =
        EnvironmentWire.write(environment.getSpec(), environment.getMetadata().getName());
    body.put("id", WireIds.environment(environment.getMetadata().getUid()));
    body.put("type", "environment");
    body.put("created_at", EventCodec.timestamp(Definitions.createdAt(environment)));
    body.put(
        "updated_at",
        EventCodec.timestamp(
            OwnedFields.writtenAt(environment).orElse(Definitions.createdAt(environment))));
    body.put(
        "archived_at",
        environment.getSpec().takesSessions()
            ? null
            : EventCodec.timestamp(Archives.at(environment)));
    return body;
  }
}
