package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.api.Environment;
import dev.rouse.api.WireIds;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.server.http.BodyRefused;
import dev.rouse.server.http.Call;
import dev.rouse.server.resource.Catalog;
import dev.rouse.session.Ids;
import java.time.Clock;
import java.util.List;

/** {@code /v1/environments} (contract §1.3): Environment objects. */
final class EnvironmentsApi implements Section {

  private static final int BODY = 1024 * 1024;

  private final Definitions<Environment> environments;
  private final EnvironmentChanges changes;

  EnvironmentsApi(Catalog catalog, Clock clock, Ids ids) {
    this.environments =
        new Definitions<>(
            "environment",
            WireIds::environmentUidOf,
            catalog.environments(),
            catalog.environmentSpecs());
    this.changes = new EnvironmentChanges(environments, catalog.sessionSpecs(), clock, ids);
  }

  @Override
  public void handle(Endpoint endpoint, List<String> places, Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    String id = places.isEmpty() ? "" : places.getFirst();
    switch (endpoint) {
      case ENVIRONMENT_CREATE -> {
        String workspace = visitor.workspace();
        visitor.require(endpoint, workspace, null);
        byte[] body = call.body(BODY);
        answer(call, changes.create(workspace, body, IdempotencyKey.of(call, visitor, body)));
      }
      case ENVIRONMENT_LIST -> {
        String workspace = visitor.workspace();
        visitor.require(endpoint, workspace, null);
        list(call, workspace);
      }
      case ENVIRONMENT ->
          answer(call, environments.fresh(environments.find(visitor, endpoint, id), id));
      case ENVIRONMENT_UPDATE -> {
        Environment environment = environments.find(visitor, endpoint, id);
        answer(call, changes.update(environment, id, call.body(BODY)));
      }
      case ENVIRONMENT_ARCHIVE ->
          answer(call, changes.archive(environments.find(visitor, endpoint, id), id));
      case ENVIRONMENT_DELETE -> {
        changes.delete(environments.find(visitor, endpoint, id), id);
        call.answer(
            200,
            JsonNodeFactory.instance.objectNode().put("id", id).put("type", "environment_deleted"));
      }
      default -> throw new IllegalArgumentException("not an endpoint of environments: " + endpoint);
    }
  }

  private static void answer(Call call, Environment environment) {
    call.answer(200, EnvironmentBody.of(environment));
  }

  private void list(Call call, String workspace) throws WireError {
    Definitions.Page<Environment> page =
        environments.page(workspace, ListQuery.of(call), it -> !it.getSpec().takesSessions());
    ArrayNode data = JsonNodeFactory.instance.arrayNode();
    page.objects().forEach(it -> data.add(EnvironmentBody.of(it)));
    call.answer(200, AgentsApi.page(data, page.next()));
  }
}
