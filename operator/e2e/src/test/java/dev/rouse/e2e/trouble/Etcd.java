package dev.rouse.e2e.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.devcluster.controlplane.ControlPlane;
import dev.rouse.devcluster.controlplane.Program;
import dev.rouse.devcluster.pki.Pki;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * etcd's own maintenance, as who runs the cluster does it, over its JSON API.
 *
 * @param member its id
 */
record Etcd(Pki pki, String url, String member) implements AutoCloseable {

  private static final String FLAG = "--listen-client-urls=";

  static Etcd of(ControlPlane plane) throws IOException, InterruptedException {
    String url =
        plane.child(Program.ETCD).spec().command().stream()
            .filter(argument -> argument.startsWith(FLAG))
            .map(argument -> argument.substring(FLAG.length()))
            .findFirst()
            .orElseThrow();
    Etcd etcd = new Etcd(plane.pki(), url, "0");
    String member = etcd.post("/v3/maintenance/status", "{}").at("/header/member_id").asText();
    return new Etcd(plane.pki(), url, member);
  }

  /**
   * From now on it takes no writes, as when its quota is used up: it raises the same alarm then.
   */
  void raiseNoSpace() throws IOException, InterruptedException {
    alarm("ACTIVATE");
  }

  /** Compacts, defragments, and takes the alarm back. */
  void makeRoom() throws IOException, InterruptedException {
    String revision = post("/v3/maintenance/status", "{}").at("/header/revision").asText();
    post("/v3/kv/compaction", "{\"revision\": \"" + revision + "\", \"physical\": true}");
    post("/v3/maintenance/defragment", "{}");
    alarm("DEACTIVATE");
  }

  private void alarm(String action) throws IOException, InterruptedException {
    post(
        "/v3/maintenance/alarm",
        "{\"action\": \"%s\", \"memberID\": \"%s\", \"alarm\": \"NOSPACE\"}"
            .formatted(action, member));
  }

  private JsonNode post(String path, String body) throws IOException, InterruptedException {
    Process curl =
        new ProcessBuilder(
                List.of(
                    "curl",
                    "-sS",
                    "--fail-with-body",
                    "--max-time",
                    "20",
                    "--cacert",
                    pki.etcdCa().toString(),
                    "--cert",
                    pki.etcdClient().certificate().toString(),
                    "--key",
                    pki.etcdClient().key().toString(),
                    "-d",
                    body,
                    url + path))
            .redirectErrorStream(true)
            .start();
    String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (curl.waitFor() != 0) {
      throw new IOException("etcd " + path + ": " + output);
    }
    return EventCodec.JSON.readTree(output);
  }

  /** Whatever happened, etcd takes writes again. */
  @Override
  public void close() throws IOException, InterruptedException {
    alarm("DEACTIVATE");
  }
}
