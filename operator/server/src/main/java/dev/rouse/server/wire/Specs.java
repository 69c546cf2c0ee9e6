package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.server.wire.WireError.Type;
import java.nio.charset.StandardCharsets;

/** Specs in the form of their custom resources: camelCase. */
final class Specs {

  /** The cluster keeps no object above 1.5 MiB, and a version needs room for its own metadata. */
  static final int LARGEST = 1024 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();

  private Specs() {}

  static ObjectNode tree(Object spec) {
    return JSON.valueToTree(spec);
  }

  /** The same, refused if the cluster could not keep it. */
  static ObjectNode checked(Object spec) throws WireError {
    ObjectNode tree = tree(spec);
    if (tree.toString().length() > LARGEST / 3 && bytes(tree) > LARGEST) {
      throw new WireError(
          Type.TOO_LARGE, "the cluster keeps at most 1 MiB: shorten system or tools");
    }
    return tree;
  }

  private static int bytes(ObjectNode tree) {
    return tree.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
