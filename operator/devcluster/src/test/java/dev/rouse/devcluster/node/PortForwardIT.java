package dev.rouse.devcluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Port-forwards of the Kubernetes client for Java through a real API server to the dev node. What
 * listens at the pod's address is in the test, where both ends of a connection can be watched.
 */
@Timeout(120)
class PortForwardIT extends NodeFixture {

  private ServerSocket listener;
  private LocalPortForward forward;

  @BeforeEach
  void open() throws Exception {
    create("containers: [{name: main, image: any, command: [sleep, '1000']}]");
    Pod pod = awaitPod("runs", NodeFixture::running);
    listener = new ServerSocket(0, 10, InetAddress.getByName(pod.getStatus().getPodIP()));
    listener.setSoTimeout(20_000);
    forward = forward(listener.getLocalPort());
  }

  private LocalPortForward forward(int port) throws Exception {
    return client
        .pods()
        .inNamespace(namespace)
        .withName("pod")
        .portForward(port, InetAddress.getLoopbackAddress(), 0);
  }

  @AfterEach
  void close() throws Exception {
    forward.close();
    listener.close();
    delete();
  }

  private Socket connect(LocalPortForward through) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), through.getLocalPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private Socket accept() throws Exception {
    Socket socket = listener.accept();
    socket.setSoTimeout(20_000);
    return socket;
  }

  @Test
  void bytes_go_both_ways_and_none_is_lost() throws Exception {
    // Given
    byte[] request = new byte[3_000_000];
    byte[] answer = new byte[5_000_000];
    new Random(1).nextBytes(request);
    new Random(2).nextBytes(answer);
    try (Socket client = connect(forward);
        Socket pod = accept()) {
      // When both write at once
      Thread writer = Thread.startVirtualThread(() -> write(client, request));
      Thread answerer = Thread.startVirtualThread(() -> write(pod, answer));
      byte[] received = new byte[answer.length];
      Thread reader = Thread.startVirtualThread(() -> read(client, received));
      byte[] arrived = pod.getInputStream().readNBytes(request.length);
      // Then
      reader.join();
      writer.join();
      answerer.join();
      assertThat(Arrays.equals(arrived, request)).isTrue();
      assertThat(Arrays.equals(received, answer)).isTrue();
    }
  }

  @Test
  void what_the_pod_said_before_it_closed_arrives_and_then_the_end() throws Exception {
    // Given
    try (Socket client = connect(forward)) {
      byte[] last = "the last words".getBytes(StandardCharsets.UTF_8);
      try (Socket pod = accept()) {
        // When
        pod.getOutputStream().write(last);
      }
      // Then
      InputStream in = client.getInputStream();
      assertThat(in.readNBytes(last.length)).isEqualTo(last);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void connections_do_not_know_of_each_other() throws Exception {
    // Given
    try (Socket first = connect(forward);
        Socket firstPod = accept();
        Socket second = connect(forward);
        Socket secondPod = accept()) {
      // When
      second.getOutputStream().write('2');
      first.getOutputStream().write('1');
      // Then
      assertThat(firstPod.getInputStream().read()).isEqualTo('1');
      assertThat(secondPod.getInputStream().read()).isEqualTo('2');
    }
  }

  @Test
  void the_pod_sees_the_end_when_the_forward_is_closed() throws Exception {
    // Given
    try (Socket client = connect(forward);
        Socket pod = accept()) {
      client.getOutputStream().write('x');
      assertThat(pod.getInputStream().read()).isEqualTo('x');
      // When
      forward.close();
      // Then
      assertThat(pod.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void a_refused_port_is_an_error_that_says_so() throws Exception {
    // Given
    int port = listener.getLocalPort();
    listener.close();
    // When
    try (LocalPortForward refused = forward(port);
        Socket client = connect(refused)) {
      // Then
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      await("the error").until(() -> !refused.getServerThrowables().isEmpty());
      assertThat(refused.getServerThrowables())
          .anySatisfy(it -> assertThat(it).hasMessageContaining("cannot connect to"));
    }
  }

  @Test
  void a_pod_that_is_not_there_is_not_forwarded_to() throws Exception {
    // Given
    String url =
        "https://127.0.0.1:%d/portForward/%s/other?port=1".formatted(node.port(), namespace);
    // When
    String answer = curl(url, "admin");
    // Then
    assertThat(answer).contains("no such pod");
  }

  @Test
  void kubectl_is_told_which_way_works() throws Exception {
    // When
    String answer = kubectl("port-forward", "pod/pod", "0:" + listener.getLocalPort());
    // Then kubectl shows what the node answers only in part: enough that it ends with an error
    assertThat(answer).contains("error");
  }

  @Test
  void nobody_without_an_admins_certificate_reaches_a_port() throws Exception {
    // Given
    String url =
        "https://127.0.0.1:%d/portForward/%s/pod?port=%d"
            .formatted(node.port(), namespace, listener.getLocalPort());
    // When
    String stranger = curl(url, "stranger");
    // Then
    assertThat(stranger).contains("client certificate");
    assertThat(curl(url, "admin"))
        .contains("WebSockets")
        .contains(listener.getInetAddress().getHostAddress());
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(Socket socket, byte[] into) {
    try {
      byte[] bytes = socket.getInputStream().readNBytes(into.length);
      System.arraycopy(bytes, 0, into, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
