package dev.rouse.devcluster.model.judge;

import java.util.Locale;

/** The ways in which a request can be wrong. */
public enum FaultKind {
  /** The body is no JSON object, or a header that must be there is not. */
  UNREADABLE,
  UNKNOWN_FIELD,
  MISSING_FIELD,
  WRONG_TYPE,
  UNKNOWN_MODEL,
  BAD_MAX_TOKENS,
  /** A tool definition that no provider would take. */
  BAD_TOOL,
  /** More than four cache marks. */
  TOO_MANY_CACHE_MARKS,
  /** The first message is not the user's, or two in a row have the same role. */
  ROLES_OUT_OF_TURN,
  /** The last message is not the user's, so there is nothing to answer. */
  NOTHING_TO_ANSWER,
  EMPTY_CONTENT,
  BAD_TOOL_USE_ID,
  DUPLICATE_TOOL_USE_ID,
  /** A tool use in the history, or in the script's answer, of a tool that is not offered. */
  TOOL_NOT_OFFERED,
  TOOL_RESULT_MISSING,
  TOOL_RESULT_UNKNOWN,
  TOOL_RESULT_TWICE,
  TOOL_RESULTS_NOT_FIRST,
  /** Earlier messages are not what they were in an earlier request. */
  CHANGED_HISTORY,
  /** A turn of the model is not what the model said. */
  INVENTED_ANSWER,
  /** No turn of the script fits. */
  NO_TURN,
  /** The turn that fits cannot be rendered. */
  UNPLAYABLE,
  /** Not the request, but the scripted model itself is at fault. */
  MODEL_BROKEN;

  /** The name that reports use, such as {@code tool_result_missing}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
