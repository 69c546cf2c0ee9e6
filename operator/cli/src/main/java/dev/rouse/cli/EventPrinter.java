package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** Shows events: readable for people, one JSON object a line for programs. */
sealed interface EventPrinter permits EventPrinter.Json, TextPrinter {

  void print(JsonNode event);

  /** Something about the connection that a person may want to know. */
  void notice(String text);

  /** One JSON object a line, as the server sent it. */
  record Json(PrintWriter out, PrintWriter err) implements EventPrinter {
    @Override
    public void print(JsonNode event) {
      out.println(event);
      out.flush();
    }

    @Override
    public void notice(String text) {
      err.println("# " + text);
      err.flush();
    }
  }
}
