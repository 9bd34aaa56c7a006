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
 * A question to all nodes of the ring, asked of one of them for part after part of it, clockwise:
 * an answer tells of so many nodes, and up to which point these were all.
 */
record RingParts<A extends Message.Answer>(
    Line line, Function<Arc, Message.Request> question, Class<A> type, Function<A, Id> until) {

  CompletableFuture<List<A>> ask() {
    return ask(Arc.wholeRing(Id.ZERO), List.of());
  }

  private CompletableFuture<List<A>> ask(Arc nodes, List<A> before) {
    return line.ask(question.apply(nodes))
        .thenApply(type::cast)
        .thenCompose(
            part -> {
              Id reached = until.apply(part);
              if (!nodes.contains(reached)) {
                throw new RefusedException(ErrorCode.MALFORMED, "the node tells of no node more");
              }
              List<A> parts = new ArrayList<>(before);
              parts.add(part);
              return reached.equals(nodes.to())
                  ? CompletableFuture.completedFuture(parts)
                  : ask(new Arc(reached, nodes.to()), parts);
            });
  }
}
