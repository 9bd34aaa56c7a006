package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.Giving;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;

/** What another node holds: its journal by long polls, what it has by comparing arcs. */
final class SourceThere implements Source {
  /** Longer than the patience of whoever is asked. */
  private static final long WATCH_NANOS = JournalFeed.PATIENCE_NANOS + 2_000_000_000L;

  private final Id node;
  private final Supplier<Arcs> share;
  private final Comparison.Means means;
  private final Replica replica;

  SourceThere(Id node, Supplier<Arcs> share, Comparison.Means means, Replica replica) {
    this.node = node;
    this.share = share;
    this.means = means;
    this.replica = replica;
  }

  @Override
  public Arcs share() {
    return share.get();
  }

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
    means.links().ask(node, question, node, 0, WATCH_NANOS, asker, turn);
  }

  @Override
  public void bring(Arcs arcs, Turn turn, Then then) {
    new Comparison(
            means,
            means.shelf().watched(),
            node,
            Giving.TELLS,
            false,
            this::keep,
            (comparison, later) -> then.go(comparison.failure(), later))
        .start(arcs.toList(), turn);
  }

  private void keep(List<Entry> entries, List<EntryInfo> infos, Turn turn, Comparison.Kept kept) {
    List<EntryInfo> lacking = new ArrayList<>(infos);
    entries.forEach(entry -> lacking.add(entry.info()));
    replica.note(
        lacking, turn, (failure, later) -> kept.go(lacking.size(), failure.orElse(""), later));
  }
}
