package dev.rouse.devcluster.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a program end by itself when the process that started it is gone, however that ended.
 *
 * <p>The program becomes the leader of a new session, so a Ctrl-C at the launcher's terminal does
 * not reach it. Beside it, in its process group, waits a small shell that reads a pipe whose other
 * end only the launcher holds. When that end closes (the launcher closes it, or the kernel does
 * because the launcher died), the shell asks the group to end and after a grace period kills it.
 *
 * <p>The parent-death signal of Linux is no substitute: it is bound to the thread that started the
 * program, and threads of a JVM come and go.
 */
public final class Lifeline {

  /*
   * $$ stays the number of the outer shell, which exec turns into the program itself: the process
   * the launcher sees is the program, its exit status is the program's. The group's number cannot
   * be given to another process while the watching shell is in the group.
   */
  private static final String SCRIPT =
      """
      exec 3<&0 </dev/null
      tenths=$1
      shift
      (
        trap '' TERM INT HUP
        exec >/dev/null 2>&1
        read -r _ <&3
        kill -s TERM -- -$$
        while [ "$tenths" -gt 0 ] && kill -s 0 -- $$; do
          sleep 0.1
          tenths=$((tenths - 1))
        done
        kill -s KILL -- -$$
      ) &
      exec "$@" 3<&-
      """;

  private Lifeline() {}

  /**
   * The command that runs another one on a lifeline. The lifeline is its standard input.
   *
   * @param grace between the request to end and the kill, in steps of 100 ms
   */
  public static List<String> command(List<String> program, Duration grace) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "setsid",
                "sh",
                "-c",
                SCRIPT,
                "lifeline",
                Long.toString(Math.max(1, grace.toMillis() / 100))));
    command.addAll(program);
    return List.copyOf(command);
  }
}
