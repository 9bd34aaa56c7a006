package org.ringslice.node.replica;

import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Links;

/** What another node holds. Its list has only the living; its journal tells of the dead too. */
record SourceThere(Id node, Links links) implements Source {
  /** Longer than the patience of whoever is asked. */
  private static final long WATCH_NANOS = JournalFeed.PATIENCE_NANOS + 2_000_000_000L;

  private static final long LIST_NANOS = 5_000_000_000L;

  @Override
  public void watch(Arcs arcs, long journal, long after, JournalFeed.Reply reply, Turn turn) {
    Message.Watch question = new Message.Watch(arcs.toList(), journal, after, Message.Scope.HELD);
    Asker asker =
        new Asker() {
          @Override
          public void answered(Id peer, Message.Answer answer, Turn later) {
            reply.told((Message.Signals) answer, later);
          }

          @Override
          public void failed(Id peer, Message.Failure failure, Turn later) {
            reply.refused(failure.code(), failure.sentence(), later);
          }
        };
    links.ask(node, Lane.CONTROL, question, Id.ZERO, 0, WATCH_NANOS, asker, turn);
  }

  @Override
  public void list(Arc arc, int count, Then then, Turn turn) {
    Message.GetItems question =
        new Message.GetItems(Direction.NEXT, arc.from(), count, arc.to(), Message.Scope.HELD);
    Asker asker =
        new Asker() {
          @Override
          public void answered(Id peer, Message.Answer answer, Turn later) {
            List<EntryInfo> page = ((Message.ItemsAre) answer).items();
            boolean isInside = page.stream().allMatch(item -> arc.contains(item.id()));
            then.go(
                isInside ? page : List.of(),
                isInside ? Optional.empty() : Optional.of("it listed what was not asked for"),
                later);
          }

          @Override
          public void failed(Id peer, Message.Failure failure, Turn later) {
            then.go(List.of(), Optional.of(failure.sentence()), later);
          }
        };
    links.ask(node, Lane.CONTROL, question, arc.from(), 0, LIST_NANOS, asker, turn);
  }
}
