package dev.rouse.devcluster.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/** A conversation with a server under test, in either protocol. */
interface Dialogue {

  /** A tool use that the model asks for. */
  record Use(String id, String tool, JsonNode input) {}

  /** What the model says; both can be there. */
  record Said(String text, List<Use> uses) {}

  /** Adds words of the user. */
  void user(String text);

  /** Asks, and keeps what the model says as part of the conversation. */
  Said ask() throws IOException, InterruptedException;

  /** Adds the result of each use, in their order. */
  void results(List<Use> uses, List<Workbench.Result> results);

  /** Begins one over the Messages protocol. */
  static Dialogue messages(ModelClient client, String model) {
    return new MessagesDialogue(client, model);
  }

  /** Begins one over the chat protocol. */
  static Dialogue chat(ModelClient client, String model) {
    return new ChatDialogue(client, model);
  }
}
