package dev.rouse.hands.tool;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tools of these hands, by name. */
public final class Toolbox {

  private final Map<String, Tool> tools = new LinkedHashMap<>();

  public Toolbox(Collection<? extends Tool> tools) {
    tools.forEach(tool -> this.tools.put(tool.name(), tool));
  }

  public Optional<Tool> find(String name) {
    return Optional.ofNullable(tools.get(name));
  }

  public Set<String> names() {
    return tools.keySet();
  }
}
