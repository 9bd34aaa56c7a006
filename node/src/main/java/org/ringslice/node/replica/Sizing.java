package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.ringslice.messages.Arc;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Estimate;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.KnownArcs;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Ring;
import org.ringslice.node.ring.Sampler;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.SizeEstimate;
import org.ringslice.sync.Summary;

/**
 * Tells how many nodes and items the ring has: exactly where this node knows every node, else by
 * asking for the peers after a few points in equal steps, the first of them random. The owners of
 * some of the arcs that come to be known then count their items.
 */
public final class Sizing {
  /** Points that are asked about when nobody says how many: 5 % error at 5,000 random ids. */
  public static final int CALLS_DEFAULT = 12;

  /** Peers that are asked for after each point: 32 arcs, 2 kB where each has one address. */
  public static final int PEERS_A_CALL = 33;

  /**
   * Nodes that are asked how many items they have; on a larger ring items are estimated. A guess:
   * where each has 1,000 of them, the error is 0.4 %.
   */
  static final int COUNTED_MAX = 64;

  /** For one node to count; what it does not tell in time is estimated. A guess. */
  private static final long TIMEOUT_NANOS = 2_000_000_000L;

  /** Operations at a time, each with so many questions; one more is answered BUSY. */
  static final int OPERATIONS_MAX = 8;

  private final Self self;
  private final Links links;
  private final Shelf shelf;
  private final Sampler sampler;
  private final LongSupplier random;
  private int operations;

  public Sizing(Self self, Links links, Shelf shelf, Sampler sampler, LongSupplier random) {
    this.self = self;
    this.links = links;
    this.shelf = shelf;
    this.sampler = sampler;
    this.random = random;
  }

  public void onGetSize(Inquiry inquiry, Message.GetSize request, Turn turn) {
    if (operations >= OPERATIONS_MAX) {
      inquiry.refuse(ErrorCode.BUSY, "this node counts already; ask again", turn);
      return;
    }
    operations++;
    new Operation(inquiry).start(request.calls(), turn);
  }

  /**
   * Points in equal steps round the ring, the first of them random: each by itself is as random as
   * that, and their runs of peers overlap as little as can be.
   */
  public static List<Id> points(int count, LongSupplier random) {
    long first = random.getAsLong();
    long step = Long.divideUnsigned(-1, count);
    List<Id> points = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      points.add(Id.ofWords(first + i * step, 0, 0, 0));
    }
    return points;
  }

  /** One question, from its first point to the last count. */
  private final class Operation {
    private final Inquiry inquiry;
    private final KnownArcs known = new KnownArcs();
    private final List<SizeEstimate.Counted> counted = new ArrayList<>();
    private int arcCount;
    private int outstanding;

    Operation(Inquiry inquiry) {
      this.inquiry = inquiry;
    }

    void start(int calls, Turn turn) {
      Optional<Ring> whole = sampler.whole();
      if (whole.isPresent()) {
        known.addAll(whole.get());
        countItems(turn);
        return;
      }
      List<Id> points = points(calls == 0 ? CALLS_DEFAULT : calls, random);
      outstanding = points.size();
      for (Id point : points) {
        sampler.peersAfter(point, PEERS_A_CALL, turn, (peers, later) -> told(point, peers, later));
      }
    }

    private void told(Id point, Optional<List<Peer>> peers, Turn turn) {
      peers.ifPresent(some -> known.addPeersAfter(point, some.stream().map(Peer::id).toList()));
      outstanding--;
      if (outstanding == 0) {
        countItems(turn);
      }
    }

    private void countItems(Turn turn) {
      List<Arc> arcs = known.arcs();
      if (arcs.isEmpty()) {
        operations--;
        inquiry.refuse(
            ErrorCode.UNREACHABLE, "no node told of its neighbours on the ring; ask again", turn);
        return;
      }
      arcCount = arcs.size();
      int asked = Math.min(COUNTED_MAX, arcCount);
      outstanding = asked;
      for (int i = 0; i < asked; i++) {
        // in equal steps, so that they are of all the runs
        countItems(arcs.get(i * arcCount / asked), turn);
      }
    }

    /** At its owner: what others hold of it they hold for its masked places. */
    private void countItems(Arc arc, Turn turn) {
      Id owner = arc.to();
      if (owner.equals(self.id())) {
        shelf.held().summarise(List.of(arc), turn, (sums, later) -> summed(arc, sums, later));
      } else {
        Message.GetSummaries question = new Message.GetSummaries(List.of(arc));
        links.ask(owner, question, owner, 0, TIMEOUT_NANOS, asker(arc), turn);
      }
    }

    private void summed(Arc arc, List<Summary> summaries, Turn turn) {
      counted(arc, summaries.stream().map(Summary::count).toList(), turn);
    }

    private Asker asker(Arc arc) {
      return new Asker() {
        @Override
        public void answered(Id peer, Message.Answer answer, Turn turn) {
          List<Message.Extent> extents = ((Message.SummariesAre) answer).extents();
          counted(arc, extents.stream().map(Message.Extent::count).toList(), turn);
        }

        @Override
        public void failed(Id peer, Message.Failure failure, Turn turn) {
          counted(arc, List.of(), turn);
        }
      };
    }

    /**
     * @param counts one when the owner told; else the arc remains uncounted
     */
    private void counted(Arc arc, List<Integer> counts, Turn turn) {
      if (counts.size() == 1) {
        counted.add(new SizeEstimate.Counted(arc, counts.get(0)));
      }
      outstanding--;
      if (outstanding == 0) {
        operations--;
        Estimate nodes = SizeEstimate.ofNodes(known);
        boolean whole = nodes.exact() && counted.size() == arcCount;
        Estimate items = SizeEstimate.ofItems(counted, whole);
        inquiry.answer(new Message.SizeIs(nodes, items), turn);
      }
    }
  }
}
