package dev.rouse.e2e.kill;

import static dev.rouse.e2e.kill.Duty.Kept.ANYWHERE;
import static dev.rouse.e2e.kill.Duty.Kept.IN_A_DATABASE;
import static dev.rouse.e2e.kill.Duty.Kept.IN_CONFIG_MAPS;

import dev.rouse.api.Rouse;
import dev.rouse.e2e.cluster.Store;
import dev.rouse.e2e.proxy.Hold.Request;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the server does by itself through the Kubernetes API, and can die in the middle of: on
 * either side of each of these requests.
 */
enum Duty {
  MAKING_THE_OBJECT("the object of a new session", ANYWHERE),
  HOLDING_THE_OBJECT("the finalizer of a new session", IN_A_DATABASE),
  BEGINNING_THE_LOG("record 0 of a new session", IN_CONFIG_MAPS),
  UNMARKING("the end of a creation", ANYWHERE),
  MAKING_A_FORK("the object of a fork", ANYWHERE),
  FILLING_A_FORK("the records of a fork", IN_CONFIG_MAPS),
  ENDING_A_FORK("the commit that makes a fork whole", IN_CONFIG_MAPS),
  MAKING_AN_IMPORT("the object of an import", ANYWHERE),
  FILLING_AN_IMPORT("the records of an import", IN_CONFIG_MAPS),
  ENDING_AN_IMPORT("the commit that makes an import whole", IN_CONFIG_MAPS),
  UNMARKING_AN_IMPORT("the end of an import", ANYWHERE),
  APPENDING("the append of a client's message", IN_CONFIG_MAPS),
  SHOWING("the status after a client's message", ANYWHERE),
  DELIVERING("the delivery of an entry of spec.messages", IN_CONFIG_MAPS),
  SEALING("the segment of a full tail", IN_CONFIG_MAPS),
  NAMING("the tail that names a new segment", IN_CONFIG_MAPS),
  MERGING("the segment that eight are merged into", IN_CONFIG_MAPS),
  SWAPPING("the tail that names the merged segment", IN_CONFIG_MAPS),
  CLEARING("the removal of what was merged", IN_CONFIG_MAPS),
  REMOVING_THE_OBJECT("the removal of a deleted session", ANYWHERE),
  LETTING_GO("the finalizer of a deleted session", IN_A_DATABASE);

  /** Where logs must be for the request to be made. */
  enum Kept {
    ANYWHERE,
    IN_CONFIG_MAPS,
    IN_A_DATABASE
  }

  private static final Set<Duty> COPYING = EnumSet.range(MAKING_A_FORK, UNMARKING_AN_IMPORT);

  /** A tail with a message or two of {@link Errand.Sending} has less, what eight make has more. */
  private static final int MERGED_CHARACTERS = 200_000;

  private final String label;
  private final Kept kept;

  Duty(String label, Kept kept) {
    this.label = label;
    this.kept = kept;
  }

  boolean isOf(Store store) {
    return switch (kept) {
      case ANYWHERE -> true;
      case IN_CONFIG_MAPS -> store instanceof Store.ConfigMaps;
      case IN_A_DATABASE -> !(store instanceof Store.ConfigMaps);
    };
  }

  /** Whether it is part of making a session out of another one's records. */
  boolean isCopying() {
    return COPYING.contains(this);
  }

  /** Whether this is the request, for this session. */
  boolean matches(Subject subject, Request request) {
    return switch (this) {
      case MAKING_THE_OBJECT, MAKING_A_FORK, MAKING_AN_IMPORT -> subject.isMade(request);
      case HOLDING_THE_OBJECT ->
          !subject.isMade(request)
              && subject.isObject(request, "PATCH", false)
              && request.body().contains("\"" + Rouse.LOG_FINALIZER + "\"");
      case BEGINNING_THE_LOG, FILLING_A_FORK, FILLING_AN_IMPORT ->
          !subject.isMade(request) && subject.isBeginning(request);
      case ENDING_A_FORK, ENDING_AN_IMPORT ->
          !subject.isMade(request) && subject.isOriginated(request);
      case UNMARKING, UNMARKING_AN_IMPORT ->
          !subject.isMade(request)
              && subject.isObject(request, "PATCH", false)
              && request.body().contains("\"" + Rouse.CREATING_ANNOTATION + "\":null");
      case APPENDING, DELIVERING -> subject.isTail(request);
      case SHOWING -> subject.isObject(request, "PATCH", true);
      case SEALING -> subject.isSegment(request, 0);
      case NAMING -> subject.isNaming(request);
      case MERGING -> subject.isSegment(request, MERGED_CHARACTERS);
      case SWAPPING -> subject.isSwap(request);
      case CLEARING -> subject.isRemoval(request);
      case REMOVING_THE_OBJECT -> subject.isObject(request, "DELETE", false);
      case LETTING_GO ->
          subject.isObject(request, "PATCH", false) && request.body().contains("\"finalizers\":[]");
    };
  }

  @Override
  public String toString() {
    return label;
  }
}
