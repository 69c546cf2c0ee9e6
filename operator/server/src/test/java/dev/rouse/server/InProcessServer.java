package dev.rouse.server;

import dev.rouse.api.ModelProvider;
import dev.rouse.api.probe.Meters;
import dev.rouse.log.LogSettings;
import dev.rouse.log.LogStore;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.auth.Reviews;
import dev.rouse.server.auth.WorkerReviews;
import dev.rouse.server.brain.BrainApi;
import dev.rouse.server.http.Call;
import dev.rouse.server.http.HttpEdge;
import dev.rouse.server.keeper.SessionKeeper;
import dev.rouse.server.keeper.WorkKeeper;
import dev.rouse.server.metrics.CallMeters;
import dev.rouse.server.metrics.CommitMeters;
import dev.rouse.server.metrics.MeteredStore;
import dev.rouse.server.metrics.Models;
import dev.rouse.server.metrics.RefusalMeters;
import dev.rouse.server.metrics.ServerGauges;
import dev.rouse.server.resource.Catalog;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.Objects;
import dev.rouse.server.resource.SessionWriter;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.resource.StatusWriter;
import dev.rouse.server.resource.TicketKeys;
import dev.rouse.server.wire.OpenApi;
import dev.rouse.server.wire.WireApi;
import dev.rouse.server.work.WorkItems;
import dev.rouse.server.work.WorkQueue;
import dev.rouse.session.Ids;
import dev.rouse.session.SessionState;
import dev.rouse.session.protocol.Ticket;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;

/** A server with everything real but the cluster and the store. */
public final class InProcessServer implements AutoCloseable {

  /** One pair for all servers of a test, as the Secret gives it. */
  public static final KeyPair KEYS = keys();

  public final Sessions sessions;
  public final SessionLogs logs;
  public final SessionKeeper keeper;
  public final WorkItems workItems = new WorkItems();
  private final WorkKeeper workKeeper;
  public final HttpEdge edge;
  public final Meters meters = new Meters();
  private final FakeCluster cluster;
  private final BrainApi brains;
  private final WireApi wire;

  public InProcessServer(FakeCluster cluster, FakeReviews reviews, LogStore store)
      throws IOException {
    this(cluster, reviews, store, Duration.ofMillis(200), Duration.ofMillis(300));
  }

  public InProcessServer(
      FakeCluster cluster,
      FakeReviews reviews,
      LogStore store,
      Duration recheck,
      Duration statusEvery)
      throws IOException {
    this(cluster, reviews, store, recheck, statusEvery, false);
  }

  /** The same by a clock that the test moves. */
  public InProcessServer(
      FakeCluster cluster,
      FakeReviews reviews,
      LogStore store,
      Duration recheck,
      Duration statusEvery,
      Clock clock)
      throws IOException {
    this(cluster, reviews, store, recheck, statusEvery, false, clock);
  }

  /** The same, and whether objects are held until their logs are removed. */
  public InProcessServer(
      FakeCluster cluster,
      FakeReviews reviews,
      LogStore store,
      Duration recheck,
      Duration statusEvery,
      boolean holding)
      throws IOException {
    this(cluster, reviews, store, recheck, statusEvery, holding, Clock.systemUTC());
  }

  private InProcessServer(
      FakeCluster cluster,
      FakeReviews reviews,
      LogStore store,
      Duration recheck,
      Duration statusEvery,
      boolean holding,
      Clock clock)
      throws IOException {
    this.cluster = cluster;
    Ids ids = Ids.random();
    LogStore metered = new MeteredStore(store, "memory", meters);
    Objects<ModelProvider> providers = new Objects<>();
    cluster.modelProviders(FakeCluster.NAMESPACE).forEach(providers::learn);
    logs =
        new SessionLogs(
            metered,
            LogSettings.DEFAULTS,
            clock,
            ids,
            new CommitMeters(meters, Models.in(providers)));
    sessions = new Sessions(cluster);
    StatusWriter writer = new StatusWriter(cluster, sessions);
    keeper =
        new SessionKeeper(
            sessions,
            logs,
            metered,
            writer,
            new SessionWriter(cluster, sessions, holding),
            cluster,
            cluster::version,
            new SessionKeeper.Pace(recheck, statusEvery),
            clock,
            ids);
    Catalog catalog = cluster.catalog();
    workKeeper =
        new WorkKeeper(
            sessions, catalog.environments(), logs, workItems, cluster.work, cluster.clock);
    Reviews all = new WorkerReviews(cluster.grants, KEYS.getPublic(), reviews, cluster.clock);
    wire =
        new WireApi(
            all,
            sessions,
            catalog,
            logs,
            keeper,
            new WorkQueue(workItems, cluster.work, cluster.clock),
            KEYS.getPrivate(),
            clock,
            ids);
    brains =
        new BrainApi(
            reviews,
            sessions,
            logs,
            writer,
            new TicketKeys(KEYS.getPrivate(), Ticket.encodeKey(KEYS.getPublic())),
            wire::show,
            keeper::appended,
            new RefusalMeters(meters));
    edge =
        HttpEdge.start(
            new HttpEdge.Listen("127.0.0.1", 0, null),
            this::handle,
            InProcessServer::fail,
            ids,
            new CallMeters(meters));
    ServerGauges.show(meters, sessions, edge, LogSettings.DEFAULTS);
    cluster.watch(sessions);
    cluster.work.watch(workItems.leases());
  }

  private static void fail(Call call, int status, String message) {
    if (call.path().startsWith(BrainApi.PREFIX)) {
      BrainApi.fail(call, status, message);
    } else {
      WireApi.fail(call, status, message);
    }
  }

  private void handle(Call call) throws Exception {
    if (call.path().startsWith(BrainApi.PREFIX)) {
      brains.handle(call);
    } else if (call.path().equals(OpenApi.PATH)) {
      OpenApi.answer(call);
    } else {
      wire.handle(call);
    }
  }

  /** The state of a session's log, as the store has it. */
  public SessionState state(String uid) {
    return logs.of(LogKeys.of(cluster.get(uid))).state();
  }

  /** Ends as a kill does: nothing is finished. */
  public void kill() {
    cluster.unwatch(sessions);
    cluster.work.unwatch(workItems.leases());
    sessions.stopWaiting();
    workItems.stopWaiting();
    workKeeper.close();
    keeper.close();
    logs.close();
    edge.close();
    meters.close();
  }

  @Override
  public void close() {
    kill();
  }

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
