package dev.rouse.devcluster.node.kubelet;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;

/** An answer's body for code that blocks: each write returns when the connection has taken it. */
final class ResponseOutput extends OutputStream {

  private final HttpServerResponse response;

  ResponseOutput(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public void write(int b) throws IOException {
    await(response.write(Buffer.buffer().appendByte((byte) b)));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > 0) {
      await(response.write(Buffer.buffer().appendBytes(bytes, offset, length)));
    }
  }

  @Override
  public void close() throws IOException {
    await(response.end());
  }

  private static void await(Future<Void> done) throws IOException {
    try {
      done.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IOException("the reader went away", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped");
    }
  }
}
