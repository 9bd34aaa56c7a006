package org.ringslice.node.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.ringslice.messages.Arc;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;

/**
 * A question about the ring or an arc of it, asked of one node for part after part, clockwise: an
 * answer tells of so much, and up to which point that was all.
 */
record RingParts<A extends Message.Answer>(
    Line line, Function<Arc, Message.Request> question, Class<A> type, Function<A, Id> until) {

  CompletableFuture<List<A>> ask() {
    return ask(Arc.wholeRing(Id.ZERO));
  }

  CompletableFuture<List<A>> ask(Arc arc) {
    return ask(arc, List.of());
  }

  private CompletableFuture<List<A>> ask(Arc arc, List<A> before) {
    return line.ask(question.apply(arc))
        .thenApply(type::cast)
        .thenCompose(
            part -> {
              Id reached = until.apply(part);
              if (!arc.contains(reached)) {
                throw new RefusedException(ErrorCode.MALFORMED, "the node tells of nothing more");
              }
              List<A> parts = new ArrayList<>(before);
              parts.add(part);
              return reached.equals(arc.to())
                  ? CompletableFuture.completedFuture(parts)
                  : ask(new Arc(reached, arc.to()), parts);
            });
  }
}
