package dev.rouse.devcluster.model.script;

import dev.rouse.devcluster.model.script.Template.Reference;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads scripts and refuses whatever it does not understand, so that a misspelt key cannot pass for
 * a condition that always holds. The format is described in {@code examples/scripts/README.md}.
 */
public final class ScriptLoader {

  private static final Set<String> SCRIPT = Set.of("description", "turns");
  private static final Set<String> TURN =
      Set.of(
          "name",
          "when",
          "say",
          "call",
          "stopReason",
          "trouble",
          "delayMs",
          "chunkDelayMs",
          "hold");
  private static final Set<String> WHEN =
      Set.of("turn", "turnBelow", "step", "after", "user", "result", "error");
  private static final Set<String> CALL = Set.of("tool", "input");
  private static final Set<String> TROUBLE =
      Set.of("status", "retryAfter", "cutAfter", "errorAfter", "times");
  private static final Set<String> STOP_REASONS = Set.of("end_turn", "max_tokens", "refusal");

  private static final Pattern TURN_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final int MOST = 1_000_000;
  private static final When ALWAYS = new When(null, null, null, List.of(), null, null, null);

  private ScriptLoader() {}

  /**
   * All scripts of a directory, by model.
   *
   * @throws ScriptException if one is not right, or there is none
   * @throws IOException if the directory cannot be read
   */
  public static Map<String, Script> loadAll(Path directory) throws IOException {
    var scripts = new TreeMap<String, Script>();
    try (var files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        Script script = load(file);
        scripts.put(script.model(), script);
      }
    }
    if (scripts.isEmpty()) {
      throw new ScriptException(
          "%s: holds no script; add one as <model>.yaml".formatted(directory));
    }
    return scripts;
  }

  /**
   * One script.
   *
   * @throws ScriptException if it is not right
   * @throws IOException if it cannot be read
   */
  public static Script load(Path file) throws IOException {
    var script = new YamlSection(file, "", compose(file), SCRIPT);
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    List<Turn> turns =
        script.sections("turns", TURN).stream().map(section -> turn(section, directory)).toList();
    if (turns.isEmpty()) {
      throw script.problem("needs at least one turn under 'turns'");
    }
    String name = Objects.requireNonNull(file.getFileName()).toString();
    var loaded = new Script(name.substring(0, name.length() - ".yaml".length()), directory, turns);
    checkNames(script, loaded);
    return loaded;
  }

  private static @Nullable Node compose(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      return new Yaml(new LoaderOptions()).compose(reader);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new ScriptException(file, line, "", "is no YAML: " + e.getProblem());
    }
  }

  private static Turn turn(YamlSection section, Path directory) {
    String name = section.requiredText("name");
    if (!TURN_NAME.matcher(name).matches()) {
      throw section.problem("name", "must be lower-case words joined by '-', not '" + name + "'");
    }
    String say = section.text("say");
    List<ToolCall> calls = section.sections("call", CALL).stream().map(ScriptLoader::call).toList();
    if (say == null && calls.isEmpty()) {
      throw section.problem("needs 'say' or 'call'");
    }
    return new Turn(
        name,
        section.has("when") ? when(section.section("when", WHEN)) : ALWAYS,
        say == null ? null : template(section, "say", say),
        calls,
        stopReason(section, calls),
        new Troubles(
            section.sections("trouble", TROUBLE).stream().map(ScriptLoader::trouble).toList()),
        pace(section, directory));
  }

  private static When when(YamlSection section) {
    return new When(
        section.number("turn", 0, MOST),
        section.number("turnBelow", 1, MOST),
        section.number("step", 0, MOST),
        section.texts("after"),
        pattern(section, "user"),
        pattern(section, "result"),
        section.flag("error"));
  }

  private static ToolCall call(YamlSection section) {
    var call = new ToolCall(section.requiredText("tool"), section.object("input"));
    try {
      var _ = call.references();
    } catch (IllegalArgumentException e) {
      throw section.problem("input", String.valueOf(e.getMessage()));
    }
    return call;
  }

  private static @Nullable String stopReason(YamlSection section, List<ToolCall> calls) {
    String reason = section.text("stopReason");
    if (reason == null) {
      return null;
    }
    if (!STOP_REASONS.contains(reason) || !calls.isEmpty()) {
      throw section.problem(
          "stopReason",
          "must be one of %s, on a turn that calls no tool"
              .formatted(STOP_REASONS.stream().sorted().toList()));
    }
    return reason;
  }

  private static Troubles.Step trouble(YamlSection section) {
    Integer status = section.number("status", 400, 599);
    Integer cut = section.number("cutAfter", 0, MOST);
    Integer broken = section.number("errorAfter", 1, MOST);
    Integer retryAfter = section.number("retryAfter", 0, MOST);
    Integer times = section.number("times", 1, MOST);
    if (retryAfter != null && status == null) {
      throw section.problem("retryAfter", "goes with 'status' only");
    }
    Trouble trouble;
    if (status != null && cut == null && broken == null) {
      trouble =
          new Trouble.Refuse(status, retryAfter == null ? null : Duration.ofSeconds(retryAfter));
    } else if (status == null && cut != null && broken == null) {
      trouble = new Trouble.Cut(cut);
    } else if (status == null && cut == null && broken != null) {
      trouble = new Trouble.Break(broken);
    } else {
      throw section.problem("needs exactly one of 'status', 'cutAfter', 'errorAfter'");
    }
    return new Troubles.Step(trouble, times == null ? 1 : times);
  }

  private static Pace pace(YamlSection section, Path directory) {
    Integer delay = section.number("delayMs", 0, MOST);
    Integer chunkDelay = section.number("chunkDelayMs", 0, MOST);
    String hold = section.text("hold");
    return new Pace(
        Duration.ofMillis(delay == null ? 0 : delay),
        Duration.ofMillis(chunkDelay == null ? 0 : chunkDelay),
        hold == null ? null : directory.resolve(hold));
  }

  private static @Nullable Pattern pattern(YamlSection section, String key) {
    String text = section.text(key);
    try {
      return text == null ? null : Pattern.compile(text, Pattern.MULTILINE);
    } catch (PatternSyntaxException e) {
      throw section.problem(key, "is no regular expression: " + e.getDescription());
    }
  }

  private static Template template(YamlSection section, String key, String text) {
    try {
      return Template.parse(text);
    } catch (IllegalArgumentException e) {
      throw section.problem(key, String.valueOf(e.getMessage()));
    }
  }

  /** Turns may be named before they are written, so names are checked when all are known. */
  private static void checkNames(YamlSection file, Script script) {
    var names = new HashSet<String>();
    for (Turn turn : script.turns()) {
      if (!names.add(turn.name())) {
        throw file.problem("turns", "two turns are called '%s'".formatted(turn.name()));
      }
    }
    for (Turn turn : script.turns()) {
      var named = new HashSet<>(turn.when().after());
      for (Reference reference : turn.references()) {
        if (reference instanceof Reference.Result(String other, var _, var _) && other != null) {
          named.add(other);
        }
        if (reference instanceof Reference.Group(var group) && !turn.when().captures(group)) {
          throw file.problem(
              "turns",
              "turn '%s' uses match.%s, but neither its 'user' nor its 'result' pattern has a group (?<%s>…)"
                  .formatted(turn.name(), group, group));
        }
      }
      named.removeAll(names);
      if (!named.isEmpty()) {
        throw file.problem(
            "turns",
            "turn '%s' names turns that are not there: %s"
                .formatted(turn.name(), named.stream().sorted().toList()));
      }
    }
  }
}
