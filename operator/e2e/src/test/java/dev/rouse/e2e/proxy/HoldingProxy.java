package dev.rouse.e2e.proxy;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of one of our servers, or of the model, and can hold a request that a test names.
 * The programs behind and before it are the real ones and know nothing of it.
 *
 * <p>HTTP/1.1 with keep-alive, streams and upgrades; TLS on either side.
 */
public final class HoldingProxy implements AutoCloseable {

  private final ServerSocket listener;
  private final @Nullable SSLContext upstreamTls;
  private final boolean secure;
  private final boolean keepsUpstream;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CopyOnWriteArrayList<Hold> holds = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<Pretence> pretences = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final URI upstream;
  private volatile Duration delay = Duration.ZERO;

  /**
   * @param tls for TLS towards clients, or null for plain HTTP
   * @param upstreamTls for TLS towards {@code upstream}, or null for plain HTTP
   */
  public HoldingProxy(URI upstream, @Nullable SSLContext tls, @Nullable SSLContext upstreamTls)
      throws IOException {
    this(upstream, tls, upstreamTls, false, "127.0.0.1");
  }

  private HoldingProxy(
      URI upstream,
      @Nullable SSLContext tls,
      @Nullable SSLContext upstreamTls,
      boolean keeps,
      String address)
      throws IOException {
    this.upstream = upstream;
    this.upstreamTls = upstreamTls;
    this.keepsUpstream = keeps;
    this.secure = tls != null;
    // A number and no name: nobody is asked.
    InetAddress here = InetAddress.getByName(address);
    this.listener =
        tls == null
            ? new ServerSocket(0, 200, here)
            : tls.getServerSocketFactory().createServerSocket(0, 200, here);
    threads.execute(this::accept);
  }

  /** In front of a server that is not killed: connections to it are used again. */
  public static HoldingProxy beforeLasting(
      URI upstream, @Nullable SSLContext tls, @Nullable SSLContext upstreamTls) throws IOException {
    return new HoldingProxy(upstream, tls, upstreamTls, true, "127.0.0.1");
  }

  /** Without TLS, at an address of this machine where others than its own programs can connect. */
  public static HoldingProxy at(String address, URI upstream) throws IOException {
    return new HoldingProxy(upstream, null, null, false, address);
  }

  /** Where clients connect. */
  public URI uri() {
    return URI.create(
        "%s://%s:%d"
            .formatted(
                secure ? "https" : "http",
                listener.getInetAddress().getHostAddress(),
                listener.getLocalPort()));
  }

  /** Holds every request that {@code matches} from now on, until the hold is opened. */
  public Hold hold(String name, Hold.When when, Predicate<Hold.Request> matches) {
    Hold hold = new Hold(name, when, matches);
    holds.add(hold);
    return hold;
  }

  /** Answers every request that {@code matches} with 200 and this JSON, and sends it nowhere. */
  public Pretence pretend(String json, Predicate<Hold.Request> matches) {
    return pretend("HTTP/1.1 200 OK", List.of(), json, matches);
  }

  /**
   * The same with another answer.
   *
   * @param start its first line
   * @param headers beside those of the body
   */
  public Pretence pretend(
      String start, List<String> headers, String json, Predicate<Hold.Request> matches) {
    Pretence pretence = new Pretence(matches, start, headers, json);
    pretences.add(pretence);
    return pretence;
  }

  /** From now on every request arrives so much later; zero ends it. */
  public void slow(Duration by) {
    delay = by;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = kept(listener.accept());
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        // Closed, or a client that went away in its handshake.
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        InputStream in = new BufferedInputStream(client.getInputStream());
        OutputStream out = new BufferedOutputStream(client.getOutputStream());
        Upstream server = new Upstream(this::connect, keepsUpstream)) {
      Client to = new Client(client, in, out, server);
      boolean open = true;
      while (open) {
        Optional<HttpMessage> request = HttpMessage.read(in);
        open = request.isPresent() && exchange(to, request.get());
      }
    } catch (IOException e) {
      // One side went away: so does the connection, which is what the other side must cope with.
    } finally {
      sockets.remove(client);
    }
  }

  private record Client(Socket socket, InputStream in, OutputStream out, Upstream server) {}

  /** One request and its answer; false when the connection cannot be used again. */
  private boolean exchange(Client client, HttpMessage request) throws IOException {
    OutputStream out = client.out();
    byte[] body = request.requestBody(client.in());
    String[] start = request.start().split(" ", 3);
    Hold.Request seen =
        new Hold.Request(start[0], start[1], new String(body, StandardCharsets.UTF_8));
    Optional<Pretence> pretence = pretences.stream().filter(it -> it.takes(seen)).findFirst();
    if (pretence.isPresent()) {
      answer(pretence.get(), out);
      return true;
    }
    // What is slow is the way: nobody waits for a time here, the request does.
    LockSupport.parkNanos(delay.toNanos());
    Optional<Hold> hold = taker(seen);
    if (hold.isPresent()) {
      hold.get().stopIf(Hold.When.BEFORE);
    }
    Upstream.Line line = client.server().take(hold.isPresent());
    boolean reusable = false;
    try {
      request.write(line.requests());
      line.requests().write(body);
      line.requests().flush();
      HttpMessage answer =
          HttpMessage.read(line.answers()).orElseThrow(() -> new IOException("no answer"));
      if (hold.isPresent()) {
        hold.get().answered(answer.status());
        hold.get().stopIf(Hold.When.AFTER);
      }
      answer.write(out);
      out.flush();
      if (answer.isUpgrade()) {
        threads.execute(() -> pump(client.in(), line.requests(), line.socket()));
        pump(line.answers(), out, client.socket());
        return false;
      }
      OutputStream to = hold.<OutputStream>map(h -> new Pausing(out, h)).orElse(out);
      answer.pipeResponseBody(line.answers(), to, start[0].equals("HEAD"));
      out.flush();
      reusable =
          !answer.header("connection").map("close"::equalsIgnoreCase).orElse(false)
              && answer.hasAnEnd();
      return reusable;
    } finally {
      if (reusable) {
        client.server().giveBack(line);
      } else {
        line.close();
      }
    }
  }

  private static void answer(Pretence pretence, OutputStream out) throws IOException {
    byte[] body = pretence.answer().getBytes(StandardCharsets.UTF_8);
    pretence.head(body.length).write(out);
    out.write(body);
    out.flush();
  }

  private Optional<Hold> taker(Hold.Request request) {
    return holds.stream().filter(hold -> hold.takes(request)).findFirst();
  }

  private Socket connect() throws IOException {
    sockets.removeIf(Socket::isClosed);
    return kept(
        upstreamTls == null
            ? new Socket(upstream.getHost(), upstream.getPort())
            : upstreamTls.getSocketFactory().createSocket(upstream.getHost(), upstream.getPort()));
  }

  private Socket kept(Socket socket) throws IOException {
    // A head and its body are two writes: the second would wait 40 ms for the first one's receipt.
    socket.setTcpNoDelay(true);
    sockets.add(socket);
    return socket;
  }

  private static void pump(InputStream in, OutputStream out, Socket other) {
    byte[] buffer = new byte[16 * 1024];
    try (other) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // The stream ended; closing the other side tells it.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    holds.forEach(Hold::release);
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
