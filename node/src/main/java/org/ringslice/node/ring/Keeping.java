package org.ringslice.node.ring;

import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;

/**
 * The arcs that this node keeps beyond its share: tells every node of the ring of them, each once
 * in its life, so that stores are brought here too and others fetch from here; and hears of those
 * of others.
 */
public final class Keeping implements Asker {
  private static final long TIMEOUT_NANOS = 5_000_000_000L;

  /** Before a node that did not answer is told again. A guess. */
  private static final long RETRY_NANOS = 5_000_000_000L;

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;
  private List<Arc> arcs;

  /** The incarnations in which nodes were told. */
  private final TreeMap<Id, Long> told = new TreeMap<>();

  private Timers.Handle retry;

  /**
   * @param arcs may overlap
   */
  public Keeping(Self self, View view, Timers timers, Links links, List<Arc> arcs) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.links = links;
    this.arcs = List.copyOf(arcs);
  }

  public List<Arc> arcs() {
    return arcs;
  }

  /** Keeps these from now on, in place of those before; what is here already stays here. */
  public void keep(List<Arc> newArcs, Turn turn) {
    arcs = List.copyOf(newArcs);
    told.clear();
    tell(turn);
  }

  /** Somebody came, went, or changed. */
  public void viewChanged(Turn turn) {
    // links that were just dialled are ready only after this turn
    timers.after(0, turn, this::tell);
  }

  private void tell(Turn turn) {
    // what is stored here by somebody is to stay here
    view.noteKept(self.id(), arcs);
    if (arcs.isEmpty() && told.isEmpty()) {
      return;
    }
    told.keySet().removeIf(node -> !view.present().contains(node));
    for (Id node : view.present().nodes()) {
      long incarnation = view.peer(node).orElseThrow().incarnation();
      Long before = told.get(node);
      boolean anew = before == null ? !arcs.isEmpty() : before != incarnation;
      if (anew && !node.equals(self.id()) && view.isTrusted(node)) {
        told.put(node, incarnation);
        Message.KeepArcs message = new Message.KeepArcs(arcs);
        links.ask(node, message, self.id(), 0, TIMEOUT_NANOS, this, turn);
      }
    }
  }

  /** Another node tells what it keeps. */
  public void onKeepArcs(Inquiry inquiry, Message.KeepArcs request, Turn turn) {
    view.noteKept(inquiry.requestor(), request.arcs());
    inquiry.answer(new Message.ArcsKept(), turn);
  }

  @Override
  public void answered(Id peer, Message.Answer answer, Turn turn) {}

  @Override
  public void failed(Id peer, Message.Failure failure, Turn turn) {
    told.remove(peer);
    timers.cancel(retry);
    retry = timers.after(RETRY_NANOS, turn, this::tell);
  }
}
