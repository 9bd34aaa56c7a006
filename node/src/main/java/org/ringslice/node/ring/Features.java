package org.ringslice.node.ring;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.ringslice.messages.Feature;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Message;
import org.ringslice.node.event.Turn;

/**
 * What the nodes of the ring understand beyond the first version of the protocol. Whoever dials
 * another node asks it, once in the life of either, and tells what it understands itself; a node
 * that does not know the question understands nothing beyond. In a ring past the view nobody asks,
 * for not all could be known to have told.
 */
public final class Features implements Asker {
  private static final long TIMEOUT_NANOS = 5_000_000_000L;

  /** Before a node that did not answer is asked again. A guess. */
  private static final long RETRY_NANOS = 5_000_000_000L;

  private static final List<Feature> OURS = List.of(Feature.values());

  private final Self self;
  private final View view;
  private final Timers timers;
  private final Links links;

  /**
   * @param features null until it has told
   */
  private record Told(long session, List<Feature> features) {}

  // of those in the view alone, so there are no more than it holds
  private final TreeMap<Id, Told> told = new TreeMap<>();

  Features(Self self, View view, Timers timers, Links links) {
    this.self = self;
    this.view = view;
    this.timers = timers;
    this.links = links;
  }

  /**
   * What every node of the ring is known to understand; nothing while not all are known, or not all
   * have told.
   */
  public Set<Feature> common() {
    Set<Feature> common = EnumSet.noneOf(Feature.class);
    if (!view.isWhole()) {
      return common;
    }
    common.addAll(OURS);
    for (Id node : view.present().nodes()) {
      Told its = told.get(node);
      if (!node.equals(self.id())) {
        common.retainAll(its == null || its.features() == null ? List.of() : its.features());
      }
    }
    return common;
  }

  /**
   * Somebody dialled this node, and will tell. Returns whether that is news: somebody in the view,
   * in a life of which nothing is known.
   */
  boolean introduced(Identity who) {
    Told before = told.get(who.id());
    boolean isNews = before == null || before.session() != who.session();
    if (!isNews || !view.isWhole() || !view.present().contains(who.id())) {
      return false;
    }
    told.put(who.id(), new Told(who.session(), null));
    return true;
  }

  /** This node dialled somebody. */
  void met(Identity who, Turn turn) {
    if (introduced(who)) {
      // a link that was just dialled is ready only after this turn
      timers.after(0, turn, later -> ask(who.id(), later));
    }
  }

  private void ask(Id node, Turn turn) {
    links.ask(node, new Message.GetFeatures(OURS), node, 0, TIMEOUT_NANOS, this, turn);
  }

  /** Another node tells, and asks. */
  public void onGetFeatures(Inquiry inquiry, Message.GetFeatures get, Turn turn) {
    if (!inquiry.isFromClient()) {
      tell(inquiry.requestor(), get.features());
    }
    inquiry.answer(new Message.FeaturesAre(OURS), turn);
  }

  private void tell(Id node, List<Feature> features) {
    told.computeIfPresent(node, (id, before) -> new Told(before.session(), features));
  }

  @Override
  public void answered(Id peer, Message.Answer answer, Turn turn) {
    tell(peer, ((Message.FeaturesAre) answer).features());
  }

  @Override
  public void failed(Id peer, Message.Failure failure, Turn turn) {
    if (failure.retry()) {
      timers.after(RETRY_NANOS, turn, later -> askAgain(peer, later));
    } else {
      tell(peer, List.of());
    }
  }

  private void askAgain(Id node, Turn turn) {
    Told its = told.get(node);
    if (its != null && its.features() == null && view.present().contains(node)) {
      ask(node, turn);
    }
  }

  /** Somebody came, went, or changed. */
  void viewChanged(Turn turn) {
    told.keySet().removeIf(node -> !view.present().contains(node));
  }
}
