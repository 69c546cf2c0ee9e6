package dev.rouse.server;

import dev.rouse.api.Agent;
import dev.rouse.api.version.AgentVersion;
import dev.rouse.api.version.DatedVersion;
import dev.rouse.api.version.Placement;
import dev.rouse.server.resource.AgentHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Versions of agents in memory. */
public final class FakeHistory implements AgentHistory {

  private record Entry(DatedVersion dated, long generation) {}

  private final Map<String, List<Entry>> entries = new HashMap<>();

  @Override
  public synchronized Placement place(Agent agent) {
    List<Entry> all = of(agent);
    if (!all.isEmpty()) {
      Entry last = all.getLast();
      if (last.dated().version().spec().equals(agent.getSpec().content())) {
        return new Placement.Current(last.dated());
      }
      if (last.generation() > agent.getMetadata().getGeneration()) {
        return new Placement.Superseded(last.dated().version());
      }
    }
    DatedVersion made =
        new DatedVersion(
            new AgentVersion(all.size() + 1, agent.getSpec().content()),
            Instant.parse("2026-01-02T03:04:05Z").plusSeconds(all.size()));
    all.add(new Entry(made, agent.getMetadata().getGeneration()));
    return new Placement.Current(made);
  }

  private List<Entry> of(Agent agent) {
    return entries.computeIfAbsent(agent.getMetadata().getUid(), _ -> new ArrayList<>());
  }

  @Override
  public synchronized Optional<DatedVersion> read(Agent agent, int version) {
    return all(agent).stream().filter(it -> it.version().number() == version).findFirst();
  }

  @Override
  public synchronized List<DatedVersion> all(Agent agent) {
    return of(agent).reversed().stream().map(Entry::dated).toList();
  }
}
