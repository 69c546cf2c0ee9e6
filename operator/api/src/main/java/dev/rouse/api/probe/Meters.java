package dev.rouse.api.probe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.EnumSet;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The metrics of one program, those of its JVM among them.
 *
 * <p>Labels are constants of enums, names of tools, routes or stores: never a session, a namespace,
 * a pod, a model or anything else that users make. Counters are there from the start, at 0, so that
 * the first of something rare is seen as a rise.
 */
public final class Meters implements AutoCloseable {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  public Meters() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** All of them as they are now, in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  /**
   * A counter.
   *
   * @param name with dots and without {@code total}
   * @param labels name, value, name, value, …
   */
  public Counter counter(String name, String description, String... labels) {
    return Counter.builder(name).description(description).tags(labels).register(registry);
  }

  /**
   * One counter for each constant of {@code values}.
   *
   * @param label whose values they are
   * @param labels further ones: name, value, name, value, …
   */
  public <E extends Enum<E>> Counters<E> counters(
      String name, String description, String label, Class<E> values, String... labels) {
    return new Counters<>(
        constants(values)
            .map(it -> counter(name, description, and(labels, label, text(it))))
            .toList());
  }

  /**
   * A histogram of times.
   *
   * @param name with dots and without {@code seconds}
   */
  public Timer timer(String name, String description, Buckets buckets, String... labels) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(buckets.bounds())
        .tags(labels)
        .register(registry);
  }

  /** One such histogram for each constant of {@code values}; labels as of {@link #counters}. */
  public <E extends Enum<E>> Timers<E> timers(
      String name,
      String description,
      Buckets buckets,
      String label,
      Class<E> values,
      String... labels) {
    return new Timers<>(
        constants(values)
            .map(it -> timer(name, description, buckets, and(labels, label, text(it))))
            .toList());
  }

  /**
   * A value that is asked for at each scrape.
   *
   * @param of what is asked; kept alive by this
   */
  public <T> void gauge(
      String name, String description, T of, ToDoubleFunction<T> value, String... labels) {
    Gauge.builder(name, of, value)
        .description(description)
        .strongReference(true)
        .tags(labels)
        .register(registry);
  }

  /** The label of a constant. */
  public static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> Stream<E> constants(Class<E> values) {
    return EnumSet.allOf(values).stream();
  }

  private static String[] and(String[] labels, String label, String value) {
    return Stream.concat(Stream.of(labels), Stream.of(label, value)).toArray(String[]::new);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
