package dev.rouse.server.wire;

import dev.rouse.api.wire.InvalidBody;
import dev.rouse.server.http.BodyRefused;
import dev.rouse.server.http.Call;
import java.util.List;

/** The endpoints of one kind of thing. Blocking; each call is answered, or ends in an error. */
@FunctionalInterface
interface Section {

  /**
   * Answers {@code call}.
   *
   * @param endpoint one of this section's
   * @param places what stands in the places of the endpoint's path, in their order
   * @param visitor the caller; nothing was checked yet but who it is
   */
  void handle(Endpoint endpoint, List<String> places, Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException;
}
