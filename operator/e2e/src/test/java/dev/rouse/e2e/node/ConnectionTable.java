package dev.rouse.e2e.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may talk to whom: {@code open} or {@code closed}, by row and column.
 *
 * @param rows from whom, and then to whom
 */
record ConnectionTable(Map<String, Map<String, String>> rows) {

  private static final String MARK = "connections -->";

  /** The table between the marks of a page. */
  static ConnectionTable of(Path page) throws IOException {
    List<List<String>> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(page)) {
      inside = line.endsWith(MARK) ? !inside : inside;
      if (inside && line.startsWith("|") && !line.startsWith("|-")) {
        lines.add(
            List.of(line.substring(1).strip().split("\\s*\\|\\s*")).stream()
                .map(String::strip)
                .toList());
      }
    }
    if (lines.size() < 2) {
      throw new IOException(page + " has no table between its marks");
    }
    Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    List<String> head = lines.getFirst();
    for (List<String> line : lines.subList(1, lines.size())) {
      Map<String, String> cells = new LinkedHashMap<>();
      for (int column = 1; column < head.size(); column++) {
        cells.put(head.get(column), line.get(column));
      }
      rows.put(line.getFirst(), cells);
    }
    return new ConnectionTable(rows);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    rows.forEach((row, cells) -> text.append('\n').append(row).append(": ").append(cells));
    return text.toString();
  }
}
