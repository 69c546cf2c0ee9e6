package dev.rouse.hands;

import dev.rouse.hands.journal.JournalLockedException;
import dev.rouse.hands.log.HandsLog;
import dev.rouse.session.Ids;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts the hands: one process is one hands pod's life. All settings come from the environment,
 * see {@link HandsConfig}.
 *
 * <p>Exit codes: 0 after SIGTERM; 64 a setting is missing or wrong; 70 a defect, or the journal's
 * disk failed in a way that only a new process can judge; 74 the journal, the workspace or the
 * address cannot be used; 75 another process works on the journal.
 */
public final class Main {

  private static final int OK = 0;
  private static final int CONFIG = 64;
  private static final int DEFECT = 70;
  private static final int DISK = 74;
  private static final int LOCKED = 75;

  private Main() {}

  public static void main(String[] arguments) {
    // Answers are small and waited for.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      serve(System.getenv());
    } catch (ConfigException e) {
      end(CONFIG, e);
    } catch (JournalLockedException e) {
      end(LOCKED, e);
    } catch (IOException e) {
      end(DISK, e);
    }
  }

  private static void serve(Map<String, String> environment) throws ConfigException, IOException {
    HandsConfig config = HandsConfig.from(environment);
    HandsLog log =
        new HandsLog(System.out, Clock.systemUTC(), config.sessionUid(), config.jsonLog());
    AtomicInteger exit = new AtomicInteger(OK);
    Hands hands =
        Hands.start(
            config,
            environment,
            Ids.random(),
            log,
            () -> {
              exit.set(DEFECT);
              // Ends the process through the hook below, on a thread that no call waits for.
              Thread.ofPlatform().name("stop").start(() -> System.exit(DEFECT));
            });
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("shutdown").unstarted(() -> stop(hands, log, exit)));
  }

  private static void stop(Hands hands, HandsLog log, AtomicInteger exit) {
    try {
      log.info("stopping");
      hands.close();
    } catch (IOException | RuntimeException e) {
      log.error("the stop failed", e);
    } finally {
      // SIGTERM is how hands are meant to end, so it is not 143.
      Runtime.getRuntime().halt(exit.get());
    }
  }

  /** Says why on standard error, where the pod's termination message is taken from. */
  private static void end(int code, Exception why) {
    System.err.println("hands: " + why.getMessage());
    System.exit(code);
  }
}
