package dev.rouse.server.wire;

import java.util.Arrays;

/** What the endpoints answer, for tests of other packages. */
public final class Served {

  private Served() {}

  /** Whether an endpoint has this verb and a path of this form, whatever its places are called. */
  public static boolean by(String verb, String path) {
    String form = form(path);
    return Arrays.stream(Endpoint.values())
        .anyMatch(it -> it.method().equals(verb) && form(it.path().text()).equals(form));
  }

  private static String form(String path) {
    return path.replaceAll("\\{\\w+}", "{}");
  }
}
