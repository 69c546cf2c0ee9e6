package dev.rouse.devcluster.model.judge;

import dev.rouse.devcluster.model.talk.Conversation;
import dev.rouse.devcluster.model.talk.Message;
import dev.rouse.devcluster.model.talk.Message.Assistant;
import dev.rouse.devcluster.model.talk.Message.User;
import dev.rouse.devcluster.model.talk.Part;
import dev.rouse.devcluster.model.talk.Part.Text;
import dev.rouse.devcluster.model.talk.Part.ToolResult;
import dev.rouse.devcluster.model.talk.Part.ToolUse;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What holds inside one request. Real providers refuse such requests too, and a session whose
 * history breaks a rule is stuck for good: no later request can be right again.
 */
final class Rules {

  private static final Pattern TOOL_USE_ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private final Conversation conversation;
  private final Set<String> seenIds = new HashSet<>();

  private Rules(Conversation conversation) {
    this.conversation = conversation;
  }

  /**
   * Checks a conversation.
   *
   * @throws FaultException for the first rule it breaks
   */
  static void check(Conversation conversation) {
    new Rules(conversation).check();
  }

  private void check() {
    List<Message> messages = conversation.messages();
    if (messages.isEmpty()) {
      throw new FaultException(FaultKind.EMPTY_CONTENT, "messages", "at least one is required");
    }
    Set<String> unanswered = Set.of();
    for (int i = 0; i < messages.size(); i++) {
      String place = "messages." + i;
      checkRole(messages.get(i), i, place);
      checkContent(messages.get(i).parts(), place);
      switch (messages.get(i)) {
        case User user -> {
          checkResults(user, unanswered, place);
          unanswered = Set.of();
        }
        case Assistant assistant -> unanswered = checkUses(assistant, place);
      }
    }
    if (messages.getLast() instanceof Assistant) {
      throw new FaultException(
          FaultKind.NOTHING_TO_ANSWER, "messages", "the last one must have the role user");
    }
  }

  private static void checkRole(Message message, int index, String place) {
    boolean usersTurn = index % 2 == 0;
    if (message instanceof User != usersTurn) {
      throw new FaultException(
          FaultKind.ROLES_OUT_OF_TURN,
          place,
          "expected the role %s: the user is first and roles alternate"
              .formatted(usersTurn ? "user" : "assistant"));
    }
  }

  private static void checkContent(List<Part> parts, String place) {
    if (parts.isEmpty()) {
      throw new FaultException(FaultKind.EMPTY_CONTENT, place, "content must not be empty");
    }
    for (int i = 0; i < parts.size(); i++) {
      String part = "%s.content.%d".formatted(place, i);
      if (parts.get(i) instanceof Text(var text) && text.isBlank()) {
        throw new FaultException(FaultKind.EMPTY_CONTENT, part, "text must not be blank");
      }
      if (parts.get(i) instanceof ToolResult result && result.content().contains(new Text(""))) {
        throw new FaultException(FaultKind.EMPTY_CONTENT, part, "text must not be empty");
      }
    }
  }

  /** The ids that the next message has to answer. */
  private Set<String> checkUses(Assistant assistant, String place) {
    var ids = new LinkedHashSet<String>();
    for (ToolUse use : assistant.toolUses()) {
      if (!TOOL_USE_ID.matcher(use.id()).matches()) {
        throw new FaultException(
            FaultKind.BAD_TOOL_USE_ID,
            place,
            "tool_use id '%s' must match ^[a-zA-Z0-9_-]{1,64}$".formatted(use.id()));
      }
      if (!seenIds.add(use.id())) {
        throw new FaultException(
            FaultKind.DUPLICATE_TOOL_USE_ID,
            place,
            "tool_use id '%s' is not unique".formatted(use.id()));
      }
      if (!conversation.tools().contains(use.name())) {
        throw new FaultException(
            FaultKind.TOOL_NOT_OFFERED,
            place,
            "tool_use of '%s', which is not among the tools".formatted(use.name()));
      }
      ids.add(use.id());
    }
    return ids;
  }

  private static void checkResults(User user, Set<String> unanswered, String place) {
    var answered = new HashSet<String>();
    boolean resultsOver = false;
    for (Part part : user.parts()) {
      if (!(part instanceof ToolResult(var id, var _, var _))) {
        resultsOver = true;
        continue;
      }
      if (!unanswered.contains(id)) {
        throw new FaultException(
            FaultKind.TOOL_RESULT_UNKNOWN,
            place,
            "tool_result for '%s', which the message before does not use".formatted(id));
      }
      if (!answered.add(id)) {
        throw new FaultException(
            FaultKind.TOOL_RESULT_TWICE, place, "two tool_results for '%s'".formatted(id));
      }
      if (resultsOver) {
        throw new FaultException(
            FaultKind.TOOL_RESULTS_NOT_FIRST, place, "tool_results must come before other content");
      }
    }
    var missing = new LinkedHashSet<>(unanswered);
    missing.removeAll(answered);
    if (!missing.isEmpty()) {
      throw new FaultException(
          FaultKind.TOOL_RESULT_MISSING,
          place,
          "tool_use ids without a tool_result in the next message: " + String.join(", ", missing));
    }
  }
}
