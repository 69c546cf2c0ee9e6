package dev.rouse.session.portable;

/**
 * The last line of a session's file: a file without it was cut.
 *
 * @param type always {@link #TYPE}
 * @param records how many lines hold a record
 * @param sha256 of all lines before this one, line ends included; hexadecimal
 */
public record FileEnd(String type, long records, String sha256) {

  public static final String TYPE = "rouse.session_file_end";
}
