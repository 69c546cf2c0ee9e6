package dev.rouse.devcluster.model.script;

import dev.rouse.devcluster.model.talk.Conversation;
import dev.rouse.devcluster.model.talk.Message;
import dev.rouse.devcluster.model.talk.Message.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a script's next turn from the conversation alone. Which turns came before is found by
 * choosing again for every earlier point of the conversation: nothing has to be remembered, so the
 * choice is the same after a restart and for any number of callers at once.
 */
public final class Play {

  private final Script script;

  public Play(Script script) {
    this.script = script;
  }

  /** The turn that fits, or empty when none does. */
  public Optional<Choice> choose(Conversation conversation) {
    var played = new ArrayList<Played>();
    int total = conversation.messages().size();
    for (int i = 0; i < total; i++) {
      if (conversation.messages().get(i) instanceof Message.Assistant) {
        String name =
            fitting(conversation.upTo(i), played).map(choice -> choice.turn().name()).orElse(null);
        played.add(new Played(i, name));
      }
    }
    return fitting(conversation, played);
  }

  /** A turn of the model in the conversation; its name is null when no turn of the script fits. */
  record Played(int message, @Nullable String turn) {}

  private Optional<Choice> fitting(Conversation conversation, List<Played> played) {
    if (!(conversation.messages().getLast() instanceof User last)) {
      return Optional.empty();
    }
    for (Turn turn : script.turns()) {
      var groups = new HashMap<String, String>();
      if (fits(turn.when(), conversation, last, played, groups)) {
        return Optional.of(new Choice(turn, new Scene(conversation, played, groups)));
      }
    }
    return Optional.empty();
  }

  private static boolean fits(
      When when,
      Conversation conversation,
      User last,
      List<Played> played,
      Map<String, String> groups) {
    String before = played.isEmpty() ? null : played.getLast().turn();
    return (when.turn() == null || when.turn() == played.size())
        && (when.turnBelow() == null || played.size() < when.turnBelow())
        && (when.step() == null || when.step() == step(conversation))
        && (when.after().isEmpty() || (before != null && when.after().contains(before)))
        && (when.error() == null || when.error() == failed(last))
        && found(when.user(), last.text(), groups)
        && found(when.result(), results(last), groups);
  }

  /** How many turns the model has had since a person last spoke. */
  private static int step(Conversation conversation) {
    int step = 0;
    for (Message message : conversation.messages().reversed()) {
      switch (message) {
        case Message.Assistant _ -> step++;
        case User user when user.speaks() -> {
          return step;
        }
        case User _ -> {}
      }
    }
    return step;
  }

  private static boolean failed(User last) {
    return last.toolResults().stream().anyMatch(result -> result.error());
  }

  private static String results(User last) {
    return String.join("\n", last.toolResults().stream().map(result -> result.text()).toList());
  }

  private static boolean found(@Nullable Pattern pattern, String text, Map<String, String> groups) {
    if (pattern == null) {
      return true;
    }
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      return false;
    }
    matcher
        .namedGroups()
        .forEach((name, number) ->
            groups.put(name, matcher.start(number) < 0 ? "" : matcher.group(number)));
    return true;
  }
}
