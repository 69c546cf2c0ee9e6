package dev.rouse.devcluster.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/**
 * What /proc says about the processes of this user.
 *
 * <p>A process that ends while it is looked at is simply not found: a {@link ProcessHandle} carries
 * the start time, so a signal through it never reaches a later process of the same number.
 */
final class ProcFs {

  private static final Path PROC = Path.of("/proc");

  private ProcFs() {}

  /** Living processes of this user whose environment holds exactly this variable, without self. */
  static List<ProcessHandle> withVariable(String name, String value) {
    String wanted = name + "=" + value;
    return living(pid -> environment(pid).contains(wanted));
  }

  /** Living processes of one session (as of setsid), without self. */
  static List<ProcessHandle> inSession(long session) {
    return living(pid -> session(pid) == session);
  }

  private static List<ProcessHandle> living(LongPredicate wanted) {
    long self = ProcessHandle.current().pid();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(process -> process.pid() != self)
          .filter(process -> isOurs(process.pid()))
          .filter(process -> wanted.test(process.pid()))
          .filter(process -> !isZombie(process.pid()))
          .toList();
    }
  }

  private static boolean isOurs(long pid) {
    try {
      return Files.getAttribute(directory(pid), "unix:uid")
          .equals(Files.getAttribute(PROC.resolve("self"), "unix:uid"));
    } catch (IOException gone) {
      return false;
    }
  }

  private static List<String> environment(long pid) {
    try {
      byte[] bytes = Files.readAllBytes(directory(pid).resolve("environ"));
      return Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\0"));
    } catch (IOException goneOrNotOurs) {
      return List.of();
    }
  }

  private static long session(long pid) {
    List<String> stat = stat(pid);
    return stat.size() > 3 ? Long.parseLong(stat.get(3)) : -1;
  }

  private static boolean isZombie(long pid) {
    List<String> stat = stat(pid);
    return stat.isEmpty() || stat.getFirst().equals("Z");
  }

  /** The fields of /proc/pid/stat behind the program's name: state, parent, group, session, …. */
  private static List<String> stat(long pid) {
    try {
      String line = Files.readString(directory(pid).resolve("stat"), StandardCharsets.ISO_8859_1);
      return List.of(line.substring(line.lastIndexOf(')') + 1).strip().split(" "));
    } catch (IOException gone) {
      return List.of();
    }
  }

  private static Path directory(long pid) {
    return PROC.resolve(Long.toString(pid));
  }
}
