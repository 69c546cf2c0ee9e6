package dev.rouse.harness.server;

import dev.rouse.session.LogRecord;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.protocol.BrainProtocol.Committed;
import dev.rouse.session.protocol.BrainProtocol.Deltas;
import dev.rouse.session.protocol.BrainProtocol.HandsRequest;
import dev.rouse.session.protocol.BrainProtocol.Wake;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * The server, as the brain sees it: {@link dev.rouse.session.protocol.BrainProtocol}.
 *
 * <p>Every call blocks. {@link Refused} means that the server judged and said no; {@link
 * IOException} that it is not known whether it did anything: repeat the same call.
 */
public interface SessionServer {

  /** Takes the session for this pod. */
  Wake wake(String why) throws Refused, IOException;

  /** All records from {@code from} on, to the head of the moment. */
  List<LogRecord> records(long from) throws Refused, IOException;

  /** Hands every record from {@code from} on to {@code sink}, until the connection ends. */
  void follow(long from, Consumer<LogRecord> sink) throws Refused, IOException;

  Committed commit(CommitRequest request) throws Refused, IOException;

  /** Asks for hands; waits up to 20 s. */
  HandsAnswer hands(HandsRequest request) throws Refused, IOException;

  /** Shows previews of a message under way. */
  void deltas(Deltas deltas) throws Refused, IOException;
}
