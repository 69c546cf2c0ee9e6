package dev.rouse.hands;

import dev.rouse.hands.bash.BashTool;
import dev.rouse.hands.execution.Executions;
import dev.rouse.hands.execution.ToolRunner;
import dev.rouse.hands.file.EditTool;
import dev.rouse.hands.file.GlobTool;
import dev.rouse.hands.file.GrepTool;
import dev.rouse.hands.file.ReadTool;
import dev.rouse.hands.file.WriteTool;
import dev.rouse.hands.http.CallerCheck;
import dev.rouse.hands.http.HandsServer;
import dev.rouse.hands.isolation.IsolationCheck;
import dev.rouse.hands.journal.Journal;
import dev.rouse.hands.log.HandsLog;
import dev.rouse.hands.tool.Toolbox;
import dev.rouse.hands.tool.Workspace;
import dev.rouse.session.Ids;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The parts of the hands, put together. */
final class Hands implements AutoCloseable {

  /** How long former hands may take to let go of the journal. */
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

  private final Journal journal;
  private final BashTool bash;
  private final IsolationCheck isolation;
  private final Executions executions;
  private final HandsServer server;

  private Hands(
      Journal journal,
      BashTool bash,
      IsolationCheck isolation,
      Executions executions,
      HandsServer server) {
    this.journal = journal;
    this.bash = bash;
    this.isolation = isolation;
    this.executions = executions;
    this.server = server;
  }

  /**
   * Opens the journal and listens.
   *
   * @param environment what tools may see of, beside our own settings
   * @param onFatal what to do when the process cannot go on
   */
  static Hands start(
      HandsConfig config, Map<String, String> environment, Ids ids, HandsLog log, Runnable onFatal)
      throws IOException {
    Workspace workspace = Workspace.open(config.workspace());
    Journal journal = Journal.open(config.journal(), ids, LOCK_PATIENCE);
    try {
      BashTool bash =
          new BashTool(workspace, environment, ids, journal.instance(), journal.hasStarted("bash"));
      Toolbox toolbox = toolbox(workspace, bash, environment);
      IsolationCheck isolation = IsolationCheck.start(config.forbidden(), log);
      Executions executions =
          new Executions(journal, new ToolRunner(toolbox, log, onFatal), isolation);
      CallerCheck callers =
          new CallerCheck(config.ticketKey(), config.sessionUid(), config.generation());
      HandsServer server = listen(config, executions, callers, log);
      log.info(
          "listening on %s:%d as instance %s of generation %d"
              .formatted(
                  server.address().getAddress().getHostAddress(),
                  server.address().getPort(),
                  journal.instance(),
                  config.generation()),
          "epoch",
          journal.epoch());
      return new Hands(journal, bash, isolation, executions, server);
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private static HandsServer listen(
      HandsConfig config, Executions executions, CallerCheck callers, HandsLog log)
      throws IOException {
    try {
      return HandsServer.start(config.listen(), executions, callers, log);
    } catch (BindException e) {
      throw new IOException(
          HandsConfig.LISTEN + " " + config.listen() + " cannot be used: " + e.getMessage(), e);
    }
  }

  static Toolbox toolbox(Workspace workspace, BashTool bash, Map<String, String> environment) {
    return new Toolbox(
        List.of(
            bash,
            new ReadTool(workspace),
            new WriteTool(workspace),
            new EditTool(workspace),
            new GlobTool(workspace),
            new GrepTool(workspace, environment)));
  }

  InetSocketAddress address() {
    return server.address();
  }

  /** Takes no more calls, ends the tools, records how they ended. */
  @Override
  public void close() throws IOException {
    isolation.close();
    executions.close();
    server.close();
    bash.close();
    journal.close();
  }
}
