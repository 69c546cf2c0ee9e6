package dev.rouse.devcluster.model.ledger;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;

/** A line of the record file. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "entry")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Entry.Began.class, name = "began"),
  @JsonSubTypes.Type(value = Entry.Ended.class, name = "ended"),
  @JsonSubTypes.Type(value = Entry.Asked.class, name = "asked"),
  @JsonSubTypes.Type(value = Entry.Said.class, name = "said"),
  @JsonSubTypes.Type(value = Entry.Faulted.class, name = "fault")
})
sealed interface Entry {

  record Began(Call call) implements Entry {}

  record Ended(int number, Call.Outcome outcome, Instant at) implements Entry {}

  /** A conversation had this beginning. */
  record Asked(String prefix) implements Entry {}

  /** The model answered this to that. */
  record Said(String prefix, String answer) implements Entry {}

  record Faulted(Fault fault) implements Entry {}
}
