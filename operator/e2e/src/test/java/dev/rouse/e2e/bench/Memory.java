package dev.rouse.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process has in memory. */
public final class Memory {

  private Memory() {}

  /** Its resident set in MiB. */
  public static double residentMiB(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / 1024)
        .findFirst()
        .orElseThrow(() -> new IOException("process " + pid + " says nothing of its memory"));
  }
}
