package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.log.memory.InMemoryLogStore.Failure;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.Fold;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionState;
import dev.rouse.session.StopReason;
import dev.rouse.session.UserEvent;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/**
 * Clients, brains and zombies at once on three servers, over a store that loses answers: whatever
 * the order, the log keeps its promises.
 */
class SessionLogRaceTest {

  @Property(tries = 25)
  void theLogKeepsItsPromises(@ForAll @LongRange(min = 0, max = 1_000_000) long seed)
      throws Exception {
    InMemoryLogStore store = new InMemoryLogStore();
    LogKey key = Given.key("team-a");
    List<SessionLog> servers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      servers.add(
          new SessionLogs(store, LogSettings.DEFAULTS, Clock.systemUTC(), Ids.random()).of(key));
    }
    servers.getFirst().create(Given.created(key), List.of());
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      store.failAppend(
          1 + random.nextInt(200), random.nextBoolean() ? Failure.LOST_AFTER : Failure.LOST_BEFORE);
    }
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicInteger pods = new AtomicInteger();

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Random own = new Random(seed + i);
        all.add(threads.submit(() -> client(servers, own, acknowledged)));
        all.add(threads.submit(() -> brain(servers, own, "pod-" + pods.incrementAndGet())));
      }
      for (Future<?> one : all) {
        one.get(30, TimeUnit.SECONDS);
      }
    }

    check(store, key, acknowledged);
  }

  private static Void client(List<SessionLog> servers, Random random, Set<String> acknowledged) {
    for (int i = 0; i < 12; i++) {
      UserEvent event = random.nextInt(4) == 0 ? Given.interrupt() : Given.message("m" + i);
      String appendId = "client-" + event.id();
      AppendAnswer answer = null;
      while (answer == null) {
        try {
          answer = pick(servers, random).receive(appendId, "alice", List.of(event));
        } catch (OutcomeUnknown e) {
          // As a client does: the same request again, perhaps to another server.
        }
      }
      if (answer instanceof AppendAnswer.Accepted) {
        acknowledged.add(event.id());
      }
    }
    return null;
  }

  /** A brain that takes up what waits, calls a tool, and ends its turn, until it is fenced. */
  private static Void brain(List<SessionLog> servers, Random random, String pod) {
    try {
      WakeAnswer wake = pick(servers, random).wake(pod, "race", Set.of());
      if (!(wake instanceof WakeAnswer.Granted granted)) {
        return null;
      }
      for (int i = 0; i < 15; i++) {
        SessionState state = pick(servers, random).state();
        List<Event> events = step(state);
        Long atHead =
            state.pendingInterrupt().isEmpty() && events.size() == 3 ? state.head() : null;
        pick(servers, random)
            .appendAsBrain(
                pod, new CommitRequest(pod + "-" + i, granted.wake().epoch(), events, atHead));
      }
    } catch (OutcomeUnknown e) {
      // Died; what it may have written stands or not.
    }
    return null;
  }

  private static List<Event> step(SessionState state) {
    List<Event> events = new ArrayList<>();
    if (state.pendingInterrupt().isPresent()) {
      events.add(state.pendingInterrupt().get());
      state.openToolUses().keySet().forEach(id -> events.add(Given.result(id, "stopped")));
      events.addAll(Given.idle(StopReason.END_TURN));
    } else if (!state.openToolUses().isEmpty()) {
      events.add(Given.result(state.openToolUses().keySet().iterator().next(), "ok"));
    } else if (!state.queued().isEmpty()) {
      events.addAll(state.queued().values());
      events.add(Given.bash("make"));
    } else {
      events.addAll(Given.idle(StopReason.END_TURN));
    }
    return events;
  }

  private static SessionLog pick(List<SessionLog> servers, Random random) {
    return servers.get(random.nextInt(servers.size()));
  }

  private static void check(InMemoryLogStore store, LogKey key, Set<String> acknowledged) {
    List<Commit> commits = store.read(key, 0, Integer.MAX_VALUE).toList();
    Set<String> appendIds = new HashSet<>();
    Set<String> ids = new HashSet<>();
    Set<String> received = new HashSet<>();
    Set<String> answered = new HashSet<>();
    Fold fold = new Fold();
    int epoch = 0;
    for (Commit commit : commits) {
      assertThat(appendIds.add(commit.appendId())).as("append id once").isTrue();
      SessionState before = fold.state();
      for (LogRecord record : commit.records()) {
        assertThat(record.at()).as("time rises").isAfter(fold.state().lastAt());
        assertThat(record.epoch()).as("epochs never fall").isGreaterThanOrEqualTo(epoch);
        assertThat(ids.add(record.event().id())).as("each event once").isTrue();
        epoch = record.epoch();
        if (record.event() instanceof InternalEvent.Received r) {
          received.add(r.event().id());
        }
        if (record.event() instanceof UserEvent u) {
          received.add(u.id());
        }
        if (record.event() instanceof AgentEvent.ToolResult r) {
          assertThat(answered.add(r.toolUseId())).as("one result a call").isTrue();
        }
        fold.add(record);
      }
      boolean calls = commit.records().stream().anyMatch(r -> r.event() instanceof AgentEvent.Call);
      if (calls && before.pendingInterrupt().isPresent()) {
        assertThat(commit.records())
            .as("no call over an interrupt")
            .anyMatch(r -> r.event() instanceof UserEvent.Interrupt);
      }
      SessionState after = fold.state();
      if (!after.queued().isEmpty() && after.awaited().isEmpty()) {
        assertThat(after.phase().isDue()).as("what waits is due").isTrue();
      }
    }
    assertThat(received).as("nothing acknowledged is lost").containsAll(acknowledged);
  }
}
