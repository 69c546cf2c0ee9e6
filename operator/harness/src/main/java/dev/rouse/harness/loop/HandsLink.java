package dev.rouse.harness.loop;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.hands.HandsClient;
import dev.rouse.harness.hands.HandsRefused;
import dev.rouse.harness.server.HandsAnswer;
import dev.rouse.harness.server.SessionServer;
import dev.rouse.session.protocol.BrainProtocol.Hands;
import dev.rouse.session.protocol.BrainProtocol.HandsRequest;
import dev.rouse.session.protocol.HandsProtocol;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This brain's hands: who they are and where, once asked for.
 *
 * <p>Unreachable is not gone. Hands that do not answer are tried again for as long as the server
 * names the same generation; only a higher one means that the operator called them gone.
 */
final class HandsLink {

  private static final Logger LOG = LoggerFactory.getLogger(HandsLink.class);

  private final SessionServer server;
  private final HandsClient client;
  private final Appender appender;
  private final Timing timing;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Link link;

  /**
   * Hands that took this brain's epoch.
   *
   * @param hands where they are
   * @param instance who they are
   */
  record Link(Hands hands, String instance) {}

  HandsLink(
      SessionServer server,
      HandsClient client,
      Appender appender,
      Timing timing,
      RandomGenerator random) {
    this.server = server;
    this.client = client;
    this.appender = appender;
    this.timing = timing;
    this.random = random;
  }

  /** Who the hands are, if that is known without asking. */
  Optional<String> knownInstance() {
    return Optional.ofNullable(link).map(Link::instance);
  }

  /** What the model is told when nobody can know how a call ended. */
  String unknownOutcome() {
    Link known = link;
    String lastExit = known == null ? null : known.hands().lastExit();
    return lastExit == null
        ? Executions.UNKNOWN
        : Executions.UNKNOWN + " The sandbox that was lost last ended with: " + lastExit + ".";
  }

  /**
   * The hands; asks for them and waits until they are there.
   *
   * @throws HandsRefused when they are there and cannot work
   */
  Link acquire() throws HandsRefused, InterruptedException {
    lock.lockInterruptibly();
    try {
      Link known = link;
      Hands named = null;
      for (int failures = 1; known == null; failures++) {
        try {
          named = ask(named == null ? null : named.generation());
          known = greet(named);
        } catch (IOException e) {
          LOG.atInfo().log("The hands do not answer yet: {}", e.toString());
          appender.pause(timing.serverRetry().delay(failures, random));
        } catch (NotYet e) {
          appender.pause(timing.serverRetry().first());
        }
      }
      link = known;
      return known;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks once about hands that do not answer.
   *
   * @return the same hands, to be tried again, or those that took their place
   */
  Link renew(Link failed) throws HandsRefused, InterruptedException {
    lock.lockInterruptibly();
    try {
      Link known = link;
      if (known != null && !known.equals(failed)) {
        return known;
      }
      Hands named = ask(failed.hands().generation());
      Link renewed =
          named.generation() == failed.hands().generation()
              ? new Link(named, failed.instance())
              : greet(named);
      link = renewed;
      return renewed;
    } catch (NotYet | IOException e) {
      return failed;
    } finally {
      lock.unlock();
    }
  }

  private Hands ask(@Nullable Integer gone) throws NotYet {
    HandsRequest request = new HandsRequest(appender.epoch(), gone);
    return switch (appender.persist("ask for hands", () -> server.hands(request))) {
      case HandsAnswer.Ready(Hands hands) -> hands;
      case HandsAnswer.Pending(var pending) -> {
        LOG.atInfo().log(
            "Waiting for hands of generation {}: {}", pending.generation(), pending.reason());
        throw new NotYet();
      }
    };
  }

  private Link greet(Hands hands) throws HandsRefused, IOException {
    try {
      String instance = client.raiseEpoch(hands, appender.epoch()).instance();
      LOG.atInfo().log(
          "The hands of generation {} are there, instance {}", hands.generation(), instance);
      return new Link(hands, instance);
    } catch (HandsRefused e) {
      switch (e.code()) {
        case STALE_EPOCH -> throw fenced(e);
        // Of another generation at a reused address, or not yet up to date: ask again.
        case FORBIDDEN -> throw new IOException("the hands refused the ticket", e);
        case WRONG_INSTANCE, CANCELLED, JOURNAL_FULL, NOT_ISOLATED, INVALID -> {}
      }
      throw e;
    }
  }

  /** A newer brain spoke to the hands. */
  static Halt fenced(HandsRefused refused) {
    HandsProtocol.Refusal refusal = refused.refusal();
    return new Halt(
        ExitCode.FENCED, "the hands heard a newer brain: " + refusal.message(), refused);
  }

  /** The server has no hands to name. */
  private static final class NotYet extends Exception {}
}
