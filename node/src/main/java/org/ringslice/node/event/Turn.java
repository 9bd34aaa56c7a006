package org.ringslice.node.event;

import java.util.function.Consumer;

/**
 * One turn of the core: the moment at which an event is handled, and where its effects go.
 *
 * @param now nanoseconds since some moment before the node's start
 */
public record Turn(long now, Consumer<Effect> out) {
  public void emit(Effect effect) {
    out.accept(effect);
  }

  public void report(Effect.Report.Level level, String sentence) {
    out.accept(new Effect.Report(level, sentence));
  }
}
