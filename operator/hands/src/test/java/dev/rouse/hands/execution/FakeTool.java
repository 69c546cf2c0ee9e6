package dev.rouse.hands.execution;

import dev.rouse.hands.tool.Tool;
import dev.rouse.hands.tool.ToolCall;
import dev.rouse.hands.tool.ToolResult;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** Counts its calls, and can be made to wait, to fail, to be cancelled. */
final class FakeTool implements Tool {

  private final String name;
  private final boolean serial;
  final List<String> calls = new CopyOnWriteArrayList<>();
  final Semaphore go = new Semaphore(0);
  boolean waits;
  Throwable failure;

  FakeTool(String name, boolean serial) {
    this.name = name;
    this.serial = serial;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isSerial() {
    return serial;
  }

  @Override
  public ToolResult run(ToolCall call) throws InterruptedException {
    calls.add(call.id());
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (waits) {
      call.cancellation().onCancel(go::release);
      go.acquire();
    }
    return call.cancellation()
        .reason()
        .map(ToolResult::error)
        .orElseGet(() -> ToolResult.of("ran " + call.id()));
  }
}
