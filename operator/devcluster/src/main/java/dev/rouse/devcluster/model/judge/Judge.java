package dev.rouse.devcluster.model.judge;

import dev.rouse.devcluster.model.talk.Conversation;
import dev.rouse.devcluster.model.talk.Fingerprint;
import java.util.List;

/**
 * Decides whether a request is one that a strict provider answers, and whether it goes on from what
 * was asked and said before: a caller that lost, changed or invented a message is found out here.
 *
 * <p>A conversation is known by model, system prompt and first message. One that is not known is
 * taken as it comes (the session may have been moved here, or its history compacted); from then on
 * every request must be an earlier request, the model's answer to it, and one more user message.
 * Sessions that begin alike are one conversation with branches; so a memory that was lost while
 * such sessions were under way makes their pasts look changed. Give the model a record file.
 */
public final class Judge {

  private final Memory memory;

  public Judge(Memory memory) {
    this.memory = memory;
  }

  /**
   * Checks a conversation.
   *
   * @throws FaultException naming what is wrong
   */
  public void check(Conversation conversation) {
    Rules.check(conversation);
    List<String> prefixes = Fingerprint.prefixes(conversation);
    int messages = conversation.messages().size();
    if (messages == 1) {
      return;
    }
    if (!memory.wasAsked(prefixes.get(1))) {
      for (int i = 1; i < messages; i += 2) {
        memory.adopt(prefixes.get(i), answerAt(conversation, i));
      }
      return;
    }
    for (int i = 1; i < messages; i += 2) {
      if (!memory.wasAsked(prefixes.get(i))) {
        throw new FaultException(
            FaultKind.CHANGED_HISTORY,
            "messages",
            "messages.%d, or the tool use ids in messages.%d, differ from every earlier request of this conversation"
                .formatted(i - 1, i - 2));
      }
      if (!memory.wasSaid(prefixes.get(i), answerAt(conversation, i))) {
        throw new FaultException(
            FaultKind.INVENTED_ANSWER,
            "messages." + i,
            "the model was asked this, but did not answer so");
      }
    }
  }

  private static String answerAt(Conversation conversation, int index) {
    return Fingerprint.answer(conversation.messages().get(index).parts());
  }
}
