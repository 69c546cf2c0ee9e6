package dev.rouse.devcluster.launch;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A checkout whose dev cluster is the real one, while operator, server, brain and hands are
 * stand-ins of a few lines: what the launcher does with its components can be seen without theirs.
 */
final class StandInCheckout {

  private final Path root;

  private StandInCheckout(Path root) {
    this.root = root;
  }

  static Path create(Path directory, Path real) throws Exception {
    Files.createDirectories(directory.resolve("operator"));
    Files.createSymbolicLink(
        directory.resolve("operator").resolve("devcluster"),
        real.resolve("operator").resolve("devcluster"));
    Files.createSymbolicLink(directory.resolve("examples"), real.resolve("examples"));
    StandInCheckout checkout = new StandInCheckout(directory);
    checkout.program(
        "server",
        """
        String[] listen = System.getenv("ROUSE_LISTEN").split(":");
        var certificate = java.security.cert.CertificateFactory.getInstance("X.509")
            .generateCertificate(new java.io.FileInputStream(System.getenv("ROUSE_TLS_CERT")));
        String pem = java.nio.file.Files.readString(java.nio.file.Path.of(System.getenv("ROUSE_TLS_KEY")));
        var key = java.security.KeyFactory.getInstance("RSA").generatePrivate(
            new java.security.spec.PKCS8EncodedKeySpec(
                java.util.Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""))));
        var store = java.security.KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
            "server", key, new char[0], new java.security.cert.Certificate[] {certificate});
        var keys = javax.net.ssl.KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        var tls = javax.net.ssl.SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        var server = com.sun.net.httpserver.HttpsServer.create(
            new java.net.InetSocketAddress(listen[0], Integer.parseInt(listen[1])), 0);
        server.setHttpsConfigurator(new com.sun.net.httpserver.HttpsConfigurator(tls));
        server.createContext("/readyz", call -> { call.sendResponseHeaders(200, -1); call.close(); });
        server.start();
        """);
    checkout.program(
        "controller",
        """
        System.out.println("settings " + new java.util.TreeMap<>(System.getenv()));
        Thread.currentThread().join();
        """);
    checkout.program("harness", "");
    checkout.program("hands", "System.out.println(\"hands at work\");");
    return directory;
  }

  /** Takes away what leads into the real checkout, before anybody deletes the stand-in. */
  static void unlink(Path directory) throws Exception {
    Files.delete(directory.resolve("operator").resolve("devcluster"));
    Files.delete(directory.resolve("examples"));
  }

  private void program(String module, String body) throws Exception {
    Path target =
        Files.createDirectories(root.resolve("operator").resolve(module).resolve("target"));
    Path source = target.resolve("Main.java");
    Files.writeString(
        source,
        "package dev.rouse.%s; public class Main { public static void main(String[] a) throws Exception { %s } }"
            .formatted(module, body));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Path classes = target.resolve("classes");
    boolean compiled =
        compiler
            .getTask(
                null,
                null,
                null,
                List.of("-d", classes.toString(), "-proc:none"),
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
            .call();
    if (!compiled) {
      throw new IllegalStateException("the stand-in for " + module + " does not compile");
    }
    String name = "dev/rouse/" + module + "/Main.class";
    try (OutputStream file = Files.newOutputStream(target.resolve("rouse-" + module + "-0.jar"));
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry(name));
      jar.write(Files.readAllBytes(classes.resolve(name)));
    }
  }
}
