package dev.rouse.devcluster.model.script;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text with references to what was said before: {@code ${tool_result.0.text}}. {@code $${} stands
 * for a plain {@code ${}.
 *
 * <table>
 * <caption>References</caption>
 * <tr><td>{@code user.text}</td><td>the last words of a person</td></tr>
 * <tr><td>{@code user.block.NAME}</td><td>the content of the last code block a person sent whose
 *     opening line ends with NAME</td></tr>
 * <tr><td>{@code tool_result.N.text}</td><td>the Nth (from 0) tool result of the last message</td></tr>
 * <tr><td>{@code tool_result.N.line.K}</td><td>its Kth line, from 1; from the end if negative</td></tr>
 * <tr><td>{@code turn.NAME.tool_result.…}</td><td>the same, of the results that answered the last
 *     play of turn NAME</td></tr>
 * <tr><td>{@code match.GROUP}</td><td>a named group of the turn's own {@code user} or
 *     {@code result} pattern</td></tr>
 * </table>
 */
public final class Template {

  /** Something a template asks for. */
  public sealed interface Reference {

    /** The last words of a person. */
    record UserText() implements Reference {}

    /** A named code block that a person sent. */
    record UserBlock(String name) implements Reference {}

    /**
     * A tool result.
     *
     * @param turn the turn whose results are meant; null for those of the last message
     * @param line null for the whole text
     */
    record Result(@Nullable String turn, int index, @Nullable Integer line) implements Reference {}

    /** A named group of the patterns that made the turn fit. */
    record Group(String name) implements Reference {}
  }

  private sealed interface Segment {
    record Literal(String text) implements Segment {}

    record Hole(Reference reference) implements Segment {}
  }

  private static final Pattern HOLE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)}");
  private static final Pattern BLOCK = Pattern.compile("user\\.block\\.(.+)");
  private static final Pattern GROUP = Pattern.compile("match\\.([a-zA-Z][a-zA-Z0-9]*)");
  private static final Pattern RESULT =
      Pattern.compile(
          "(?:turn\\.([a-z0-9-]+)\\.)?tool_result\\.(\\d{1,4})\\.(?:text|line\\.(-?[1-9]\\d{0,5}))");

  private final List<Segment> segments;

  private Template(List<Segment> segments) {
    this.segments = List.copyOf(segments);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException naming the reference that is not one
   */
  public static Template parse(String text) {
    var segments = new ArrayList<Segment>();
    Matcher hole = HOLE.matcher(text);
    int end = 0;
    while (hole.find()) {
      segments.add(new Segment.Literal(text.substring(end, hole.start())));
      segments.add(
          hole.group(1) == null
              ? new Segment.Literal("${")
              : new Segment.Hole(reference(hole.group(1))));
      end = hole.end();
    }
    segments.add(new Segment.Literal(text.substring(end)));
    return new Template(segments);
  }

  /** What the template asks for. */
  public List<Reference> references() {
    return segments.stream()
        .filter(Segment.Hole.class::isInstance)
        .map(segment -> ((Segment.Hole) segment).reference())
        .toList();
  }

  /** The text with every reference replaced by its value. */
  public String render(Function<Reference, String> values) {
    var text = new StringBuilder();
    for (Segment segment : segments) {
      switch (segment) {
        case Segment.Literal(var literal) -> text.append(literal);
        case Segment.Hole(var reference) -> text.append(values.apply(reference));
      }
    }
    return text.toString();
  }

  private static Reference reference(String text) {
    if (text.equals("user.text")) {
      return new Reference.UserText();
    }
    Matcher block = BLOCK.matcher(text);
    if (block.matches()) {
      return new Reference.UserBlock(block.group(1));
    }
    Matcher group = GROUP.matcher(text);
    if (group.matches()) {
      return new Reference.Group(group.group(1));
    }
    Matcher result = RESULT.matcher(text);
    if (result.matches()) {
      String line = result.group(3);
      return new Reference.Result(
          result.group(1),
          Integer.parseInt(result.group(2)),
          line == null ? null : Integer.valueOf(line));
    }
    throw new IllegalArgumentException(
        "'${%s}' is no reference: use user.text, user.block.NAME, tool_result.N.text, tool_result.N.line.K, turn.NAME.tool_result.…, match.GROUP, or write '$${' for a plain '${'"
            .formatted(text));
  }
}
