package dev.rouse.harness;

import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that this process is alive and moving, for the pod's readiness probe. A brain that was
 * stopped, or whose node is lost, stops answering, and is replaced after a while.
 */
final class Health {

  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  private Health() {}

  /** Answers {@code GET /healthz} with 200. A brain that cannot listen works all the same. */
  static void serve(Vertx vertx, SocketAddress address) {
    vertx
        .createHttpServer()
        .requestHandler(request -> request.response().setStatusCode(status(request.path())).end())
        .listen(address)
        .onFailure(e -> LOG.atWarn().setCause(e).log("No health endpoint on {}", address));
  }

  private static int status(@Nullable String path) {
    return "/healthz".equals(path) ? 200 : 404;
  }
}
