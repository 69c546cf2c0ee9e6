package dev.rouse.controller.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The mock server, taught server-side apply as far as the operator uses it: fields that a manager
 * applied before and does not apply now go, the rest is merged, conditions by type; a resource
 * version that is not the present one is a conflict. Also counts writes, and fails where it is
 * told.
 */
final class ApplyingDispatcher extends KubernetesCrudDispatcher {

  private static final Pattern MANAGER = Pattern.compile("fieldManager=([^&]+)");

  private final Map<String, JsonNode> applied = new ConcurrentHashMap<>();
  private final List<String> writes = new CopyOnWriteArrayList<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final AtomicReference<Predicate<String>> failure = new AtomicReference<>(_ -> false);
  private final AtomicReference<Predicate<String>> loss = new AtomicReference<>(_ -> false);

  /** What was written so far: {@code METHOD path}. */
  List<String> writes() {
    return List.copyOf(writes);
  }

  /** Requests that were answered with 500. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** From now on requests ({@code METHOD path?query}) of this kind do nothing and answer 500. */
  void failWhen(Predicate<String> requests) {
    failure.set(requests);
  }

  /** From now on requests of this kind do what they ask for, and answer 500. */
  void loseAnswerWhen(Predicate<String> requests) {
    loss.set(requests);
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String line = request.getMethod() + " " + request.getPath();
    if (failure.get().test(line)) {
      return fault(line);
    }
    if (request.method() != HttpMethod.GET) {
      writes.add(line.replaceFirst("\\?.*", ""));
    }
    MockResponse response = super.dispatch(request);
    return loss.get().test(line) ? fault(line) : response;
  }

  private MockResponse fault(String line) {
    faults.add(line);
    return new MockResponse().setResponseCode(HttpURLConnection.HTTP_INTERNAL_ERROR);
  }

  @Override
  public MockResponse handlePatch(RecordedRequest request) {
    String type = request.getHeader("Content-Type");
    return type != null && type.contains("apply-patch")
        ? apply(request)
        : super.handlePatch(request);
  }

  private synchronized MockResponse apply(RecordedRequest request) {
    String path = request.getPath().replaceFirst("\\?.*", "");
    String object = path.replaceFirst("/status$", "");
    ObjectNode patch = Serialization.unmarshal(request.getUtf8Body(), ObjectNode.class);
    MockResponse found = handleGet(object);
    if (found.code() == HttpURLConnection.HTTP_NOT_FOUND) {
      return path.endsWith("/status")
          ? found
          : handleCreate(with(request, HttpMethod.POST, object.replaceFirst("/[^/]+$", ""), patch));
    }
    ObjectNode present = Serialization.unmarshal(found.getBody().readUtf8(), ObjectNode.class);
    String version = patch.path("metadata").path("resourceVersion").asText("");
    if (!version.isEmpty()
        && !version.equals(present.path("metadata").path("resourceVersion").asText())) {
      return new MockResponse()
          .setResponseCode(HttpURLConnection.HTTP_CONFLICT)
          .setBody("{\"kind\":\"Status\",\"code\":409,\"message\":\"the object was modified\"}");
    }
    JsonNode before = applied.put(path + " " + manager(request), patch.deepCopy());
    ObjectNode body = patch.deepCopy();
    body.remove(List.of("apiVersion", "kind", "metadata"));
    if (before != null) {
      dropped(before, body, present);
    }
    merge(body, present);
    return handleUpdate(with(request, HttpMethod.PUT, path, present));
  }

  private static String manager(RecordedRequest request) {
    var matcher = MANAGER.matcher(request.getPath());
    return matcher.find() ? matcher.group(1) : "unknown";
  }

  private static RecordedRequest with(
      RecordedRequest request, HttpMethod method, String path, JsonNode body) {
    return new RecordedRequest(
        request.getHttpVersion(),
        method,
        path,
        request.getHeaders(),
        new Buffer(body.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /** Takes what was applied and is not any more out of {@code present}. */
  private static void dropped(JsonNode before, JsonNode now, ObjectNode present) {
    before
        .properties()
        .forEach(field -> {
          String name = field.getKey();
          if (List.of("apiVersion", "kind", "metadata").contains(name)) {
            return;
          }
          JsonNode there = present.get(name);
          if (isConditions(name, field.getValue()) && there instanceof ArrayNode list) {
            field.getValue().forEach(it -> removeOfType(list, it.path("type").asText()));
          } else if (!now.has(name)) {
            present.remove(name);
          } else if (field.getValue().isObject() && there instanceof ObjectNode child) {
            dropped(field.getValue(), now.get(name), child);
          }
        });
  }

  private static void merge(JsonNode patch, ObjectNode present) {
    patch
        .properties()
        .forEach(field -> {
          String name = field.getKey();
          JsonNode there = present.get(name);
          if (field.getValue().isObject() && there instanceof ObjectNode child) {
            merge(field.getValue(), child);
          } else if (isConditions(name, field.getValue()) && there instanceof ArrayNode list) {
            field.getValue().forEach(it -> removeOfType(list, it.path("type").asText()));
            field.getValue().forEach(list::add);
          } else {
            present.set(name, field.getValue());
          }
        });
  }

  private static boolean isConditions(String name, JsonNode value) {
    return name.equals("conditions") && value.isArray();
  }

  private static void removeOfType(ArrayNode list, String type) {
    for (int i = list.size() - 1; i >= 0; i--) {
      if (list.get(i).path("type").asText().equals(type)) {
        list.remove(i);
      }
    }
  }
}
