package dev.rouse.controller.event;

/**
 * Something that happened to an object, for {@code kubectl describe}.
 *
 * @param kind whether it needs anybody's attention
 * @param reason for machines, an enum constant
 * @param text for people
 */
public record Note(Kind kind, Enum<?> reason, String text) {

  public enum Kind {
    Normal,
    Warning
  }

  public static Note normal(Enum<?> reason, String text) {
    return new Note(Kind.Normal, reason, text);
  }

  public static Note warning(Enum<?> reason, String text) {
    return new Note(Kind.Warning, reason, text);
  }
}
