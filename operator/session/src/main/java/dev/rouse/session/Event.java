package dev.rouse.session;

/**
 * Something that happened in a session.
 *
 * <p>An event is what a log record carries. Its {@code id} ({@code sevt_…}) is minted by the writer
 * before the append and kept for ever: export, import and fork do not change it. Public events have
 * the shape of the Managed Agents wire contract; {@link InternalEvent}s ({@code rouse.*}) are shown
 * only when asked for. A type that this version does not know is an {@link UnknownEvent}, kept as
 * it came.
 */
public sealed interface Event
    permits UserEvent,
        AgentEvent,
        SessionEvent,
        ThreadEvent,
        SpanEvent,
        WorkflowEvent,
        InternalEvent,
        UnknownEvent {

  /** The event's identifier, {@code sevt_…}; unique within the session. */
  String id();
}
