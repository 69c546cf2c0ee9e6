package dev.rouse.e2e.bed;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Hands every test the one {@link Bed} of this JVM, and {@linkplain Release Rouse} on it. After
 * each test it makes sure that the policies were enforced; of each that failed it keeps what the
 * cluster looked like.
 */
public final class SharedBed implements ParameterResolver, AfterEachCallback, TestWatcher {

  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(SharedBed.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Bed.class || type == Release.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Held held = held(context);
    return parameter.getParameter().getType() == Bed.class ? held.bed() : release(context, held);
  }

  // The root store closes what it holds when the last test of the JVM is over.
  private static Held held(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(STORE)
        .getOrComputeIfAbsent(Attempt.class, key -> Attempt.start(), Attempt.class)
        .held();
  }

  /** A bed that does not start is not tried again for each test that would want it. */
  private record Attempt(@Nullable Held bed, @Nullable RuntimeException failure)
      implements AutoCloseable {

    static Attempt start() {
      try {
        return new Attempt(new Held(starting(Bed::start)), null);
      } catch (RuntimeException e) {
        return new Attempt(null, e);
      }
    }

    Held held() {
      if (bed == null) {
        throw new ParameterResolutionException("there is no test bed", failure);
      }
      return bed;
    }

    @Override
    public void close() throws IOException, InterruptedException {
      if (bed != null) {
        bed.close();
      }
    }
  }

  private static Release release(ExtensionContext context, Held held) {
    return context
        .getRoot()
        .getStore(STORE)
        .getOrComputeIfAbsent(
            Release.class, key -> starting(() -> Release.in(held.bed())), Release.class);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    held(context).bed().enforcer().check();
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    Diagnosis.of(held(context).bed())
        .write(context.getRequiredTestClass().getSimpleName() + "-" + context.getDisplayName());
  }

  @FunctionalInterface
  private interface Starting<T> {
    T start() throws IOException, InterruptedException;
  }

  private static <T> T starting(Starting<T> work) {
    try {
      return work.start();
    } catch (IOException e) {
      throw new ParameterResolutionException("the test bed does not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ParameterResolutionException("interrupted while the test bed started", e);
    }
  }
}
