package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.NodeHealth;
import org.ringslice.node.event.DiskHealth;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Locating;
import org.ringslice.node.ring.RollCall;
import org.ringslice.node.ring.Self;

/**
 * Tells how far the indexes of the nodes can be believed: which copies were found damaged, how much
 * was not verified yet, and which items were held lately and are held by nobody now. What this node
 * says of itself it knows already, so that nobody waits for a disk.
 */
public final class Health {
  /** For a node to tell what it knows already. A guess: longer than a turn of a busy loop. */
  private static final long TIMEOUT_NANOS = 5_000_000_000L;

  /**
   * Ids that one answer names of all nodes together: 140 kB, so that it fits a body with the
   * sentences of as many nodes as can be asked. Those past it are counted.
   */
  static final int NAMED_MAX = 4096;

  private final Self self;
  private final Links links;
  private final Locating locating;
  private final LostItems lost;
  private DiskHealth disk = DiskHealth.GOOD;

  public Health(Self self, Links links, Locating locating, LostItems lost) {
    this.self = self;
    this.links = links;
    this.locating = locating;
    this.lost = lost;
  }

  /** The store tells anew what it knows of its bytes. */
  public void examined(DiskHealth health) {
    disk = health;
  }

  public void onGetHealth(Inquiry inquiry, Message.GetHealth request, Turn turn) {
    if (request.nodes().isEmpty()) {
      inquiry.answer(new Message.HealthIs(List.of(own()), self.id()), turn);
      return;
    }
    locating.call(
        request.nodes().get(),
        turn,
        (call, later) -> {
          if (call.isPresent()) {
            new OfRing(inquiry, call.get()).start(later);
          } else {
            inquiry.refuse(ErrorCode.UNREACHABLE, Status.NO_WAY, later);
          }
        });
  }

  private NodeHealth own() {
    return new NodeHealth(
        self.id(),
        disk.damaged(),
        disk.first(),
        disk.unverifiedBytes(),
        disk.uncleanStop(),
        lost.count(),
        lost.first(Limits.HEALTH_IDS_MAX),
        "");
  }

  /** What the nodes know. */
  private final class OfRing implements Asker {
    private final Inquiry inquiry;
    private final RollCall call;
    private final TreeMap<Id, NodeHealth> told = new TreeMap<>();

    /** Whose version does not know the question; nothing is told of them. */
    private final TreeSet<Id> older = new TreeSet<>();

    OfRing(Inquiry inquiry, RollCall call) {
      this.inquiry = inquiry;
      this.call = call;
    }

    void start(Turn turn) {
      endIfAllTold(turn);
      Message.GetHealth question = new Message.GetHealth(Optional.empty());
      for (Id node : call.nodes()) {
        if (node.equals(self.id())) {
          found(own(), turn);
        } else {
          links.ask(node, question, node, 0, TIMEOUT_NANOS, this, turn);
        }
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      List<NodeHealth> nodes = ((Message.HealthIs) answer).nodes();
      boolean isOfItself = nodes.size() == 1 && nodes.get(0).id().equals(peer);
      found(isOfItself ? nodes.get(0) : NodeHealth.silent(peer, "it told of others"), turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      if (failure.code() == ErrorCode.UNKNOWN_TYPE) {
        older.add(peer);
        endIfAllTold(turn);
      } else {
        found(NodeHealth.silent(peer, failure.sentence()), turn);
      }
    }

    private void found(NodeHealth health, Turn turn) {
      told.put(health.id(), health);
      endIfAllTold(turn);
    }

    private void endIfAllTold(Turn turn) {
      if (told.size() + older.size() == call.nodes().size()) {
        inquiry.answer(new Message.HealthIs(named(), call.until()), turn);
      }
    }

    private List<NodeHealth> named() {
      List<NodeHealth> nodes = new ArrayList<>();
      int left = NAMED_MAX;
      for (Id node : call.nodes()) {
        if (told.containsKey(node)) {
          NodeHealth health = told.get(node).naming(left);
          left -= health.named();
          nodes.add(health);
        }
      }
      return nodes;
    }
  }
}
