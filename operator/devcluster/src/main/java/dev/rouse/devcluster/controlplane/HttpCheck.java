package dev.rouse.devcluster.controlplane;

import dev.rouse.devcluster.pki.Trust;
import dev.rouse.devcluster.process.Check;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;

/** Holds when a URL answers 200. */
public final class HttpCheck implements Check {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HttpClient client;
  private final URI uri;

  /**
   * A check over HTTP or HTTPS.
   *
   * @param ca the authority an HTTPS server is trusted by
   */
  public HttpCheck(URI uri, Path ca) throws IOException {
    this.uri = uri;
    this.client = HttpClient.newBuilder().sslContext(Trust.in(ca)).connectTimeout(PATIENCE).build();
  }

  @Override
  public boolean holds() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }
}
