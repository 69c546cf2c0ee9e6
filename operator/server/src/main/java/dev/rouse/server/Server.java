package dev.rouse.server;

import dev.rouse.api.ModelProvider;
import dev.rouse.api.probe.Meters;
import dev.rouse.api.probe.ProbeServer;
import dev.rouse.api.version.AgentVersions;
import dev.rouse.log.LogStore;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.auth.ApiKeyReviews;
import dev.rouse.server.auth.CachedReviews;
import dev.rouse.server.auth.EnvironmentGrants;
import dev.rouse.server.auth.KubernetesReviews;
import dev.rouse.server.auth.WorkerReviews;
import dev.rouse.server.brain.BrainApi;
import dev.rouse.server.http.Call;
import dev.rouse.server.http.CertificateSource;
import dev.rouse.server.http.HttpEdge;
import dev.rouse.server.http.HttpEdge.Listen;
import dev.rouse.server.http.TlsFiles;
import dev.rouse.server.keeper.SessionKeeper;
import dev.rouse.server.keeper.WorkKeeper;
import dev.rouse.server.metrics.CallMeters;
import dev.rouse.server.metrics.CommitMeters;
import dev.rouse.server.metrics.MeteredStore;
import dev.rouse.server.metrics.Models;
import dev.rouse.server.metrics.RefusalMeters;
import dev.rouse.server.metrics.ServerGauges;
import dev.rouse.server.resource.Catalog;
import dev.rouse.server.resource.KubernetesLookup;
import dev.rouse.server.resource.KubernetesSessions;
import dev.rouse.server.resource.Objects;
import dev.rouse.server.resource.SessionObjects;
import dev.rouse.server.resource.SessionWriter;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.resource.StatusWriter;
import dev.rouse.server.resource.TicketKeys;
import dev.rouse.server.resource.Watches;
import dev.rouse.server.tls.FilesWithCa;
import dev.rouse.server.tls.SelfMade;
import dev.rouse.server.tls.Tls;
import dev.rouse.server.wire.OpenApi;
import dev.rouse.server.wire.WireApi;
import dev.rouse.server.work.KubernetesWork;
import dev.rouse.server.work.WorkItems;
import dev.rouse.server.work.WorkObjects;
import dev.rouse.server.work.WorkQueue;
import dev.rouse.session.Ids;
import dev.rouse.session.protocol.Ticket;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: logs over a store, the keeper, both APIs and the edge. Any number may run over one
 * store and one cluster.
 */
public final class Server implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  /** How long calls under way may take when the process is told to end. */
  private static final Duration GOODBYE = Duration.ofSeconds(10);

  private final SessionLogs logs;
  private final Sessions sessions;
  private final Catalog catalog;
  private final SessionKeeper keeper;
  private final WorkItems workItems = new WorkItems();
  private final WorkKeeper workKeeper;
  private final Watches watches;
  private final BrainApi brains;
  private final WireApi wire;
  private final HttpEdge edge;
  private final Meters meters = new Meters();
  private final @Nullable ProbeServer probes;

  private Server(KubernetesClient client, LogStore kept, ServerConfig config, Clock clock)
      throws IOException {
    LogStore store = new MeteredStore(kept, config.store().kind(), meters);
    Objects<ModelProvider> providers = new Objects<>();
    Ids ids = Ids.random();
    TicketKeys keys = TicketKeys.ensure(client, config.namespace());
    CachedReviews reviews =
        new CachedReviews(
            new WorkerReviews(
                new EnvironmentGrants(client, config.namespace()),
                Ticket.decodeKey(keys.publicKey()),
                new ApiKeyReviews(client, config.namespace(), new KubernetesReviews(client), clock),
                clock),
            clock);
    logs =
        new SessionLogs(
            store, config.logs(), clock, ids, new CommitMeters(meters, Models.in(providers)));
    SessionObjects objects = new KubernetesSessions(client);
    sessions = new Sessions(objects);
    KubernetesLookup lookup = new KubernetesLookup(client);
    StatusWriter writer = new StatusWriter(objects, sessions);
    keeper =
        new SessionKeeper(
            sessions,
            logs,
            store,
            writer,
            new SessionWriter(objects, sessions, config.store().outlivesSessions()),
            lookup,
            agent -> AgentVersions.ensure(client, agent),
            config.pace(),
            clock,
            ids);
    catalog = Catalog.of(client);
    WorkObjects workObjects = new KubernetesWork(client);
    workKeeper =
        new WorkKeeper(sessions, catalog.environments(), logs, workItems, workObjects, clock);
    wire =
        new WireApi(
            reviews,
            sessions,
            catalog,
            logs,
            keeper,
            new WorkQueue(workItems, workObjects, clock),
            keys.privateKey(),
            clock,
            ids);
    brains =
        new BrainApi(
            reviews,
            sessions,
            logs,
            writer,
            keys,
            wire::show,
            keeper::appended,
            new RefusalMeters(meters));
    watches =
        new Watches(
            client,
            config.watchNamespaces(),
            sessions,
            catalog,
            providers,
            workItems.leases(),
            keeper::referencesChanged);
    edge =
        HttpEdge.start(
            listen(client, config, clock), this::handle, Server::fail, ids, new CallMeters(meters));
    ServerGauges.show(meters, sessions, edge, config.logs());
    probes = probes(config.metrics());
  }

  /**
   * Starts serving.
   *
   * @param client as the server's own ServiceAccount; stays the caller's to close
   * @param store stays the caller's to close
   * @throws IOException when the address or the certificate cannot be used
   */
  public static Server start(
      KubernetesClient client, LogStore store, ServerConfig config, Clock clock)
      throws IOException {
    return new Server(client, store, config, clock);
  }

  private static Listen listen(KubernetesClient client, ServerConfig config, Clock clock) {
    @Nullable CertificateSource certificates =
        switch (config.tls()) {
          case Tls.Files(TlsFiles files, Path ca) ->
              ca == null ? files : new FilesWithCa(client, config.namespace(), files, ca);
          case Tls.Self(List<String> names) ->
              new SelfMade(client, config.namespace(), names, clock);
          case Tls.Off() -> null;
        };
    return new Listen(config.host(), config.port(), certificates);
  }

  /** An address that cannot be listened on must not leave a server that nobody knows of. */
  private @Nullable ProbeServer probes(@Nullable String listen) throws IOException {
    if (listen == null) {
      return null;
    }
    try {
      return ProbeServer.start("ROUSE_METRICS_LISTEN", listen, this::isReady, meters::scrape);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** The port that is listened on. */
  public int port() {
    return edge.port();
  }

  /** Whether every session that exists is known, so that nothing is taken for missing. */
  public boolean isReady() {
    return watches.hasSynced() && !edge.isDraining();
  }

  private void handle(Call call) throws Exception {
    String path = call.path();
    if (path.equals("/healthz")) {
      call.routed("GET /healthz");
      call.answerText(200, "ok");
    } else if (path.equals("/readyz")) {
      call.routed("GET /readyz");
      call.answerText(
          isReady() ? 200 : 503, isReady() ? "ok" : "not ready: still reading sessions");
    } else if (path.equals(OpenApi.PATH)) {
      OpenApi.answer(call);
    } else if (!isReady()) {
      fail(call, 503, "not ready: try again in a moment");
    } else if (path.startsWith(BrainApi.PREFIX)) {
      brains.handle(call);
    } else if (WireApi.holds(path)) {
      wire.handle(call);
    } else {
      call.answerText(404, "there is nothing here; the API is below /v1/");
    }
  }

  private static void fail(Call call, int status, String message) {
    if (call.path().startsWith(BrainApi.PREFIX)) {
      BrainApi.fail(call, status, message);
    } else {
      WireApi.fail(call, status, message);
    }
  }

  /**
   * Refuses new calls, lets those under way finish, and stops. Sessions and logs stay as they are.
   */
  @Override
  public void close() {
    sessions.stopWaiting();
    catalog.stopWaiting();
    workItems.stopWaiting();
    try {
      edge.drain(GOODBYE);
    } catch (TimeoutException e) {
      LOG.atWarn().log("stopping although {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watches.close();
    workKeeper.close();
    keeper.close();
    logs.close();
    edge.close();
    if (probes != null) {
      probes.close();
    }
    meters.close();
  }
}
