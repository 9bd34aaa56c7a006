package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.View;

/**
 * One attempt to have it proved that what lies here of some shares, of which this node is no
 * holder, is with all of their holders; what they lack is given to them by it. Those who join or
 * are suspected are not asked, for they may not come to be read from.
 */
final class Confirming {
  /** What to do in the end. */
  @FunctionalInterface
  interface Then {
    void done(Confirming confirming, Turn turn);
  }

  private final Updater updater;
  private final View view;
  private final List<Share> shares;
  private final boolean modest;
  private final Then then;

  // of each who has not confirmed all, the last reason
  private final TreeMap<Id, String> whys = new TreeMap<>();

  // by the ends of the shares
  private final TreeMap<Id, TreeSet<Id>> confirmedBy = new TreeMap<>();
  private long deferred;
  private int running = 1;

  /**
   * @param shares with those of their holders who are to confirm
   * @param modest whether what a holder lacks much of is left to who leads there to give
   */
  Confirming(Updater updater, View view, List<Share> shares, boolean modest, Then then) {
    this.updater = updater;
    this.view = view;
    this.shares = shares;
    this.modest = modest;
    this.then = then;
  }

  void start(Turn turn) {
    TreeMap<Id, EnumMap<Manner, List<Share>>> asked = new TreeMap<>();
    for (Share share : shares) {
      confirmedBy.put(share.arc().to(), new TreeSet<>());
      for (Id holder : share.holders()) {
        asked
            .computeIfAbsent(holder, none -> new EnumMap<>(Manner.class))
            .computeIfAbsent(manner(share, holder), none -> new ArrayList<>())
            .add(share);
      }
    }
    asked.forEach((holder, manners) -> ask(holder, manners, turn));
    oneLess(turn);
  }

  private Manner manner(Share share, Id holder) {
    // who leads is given to, and gives to the others
    boolean isGiven = holder.equals(updater.leader(share));
    return modest && !isGiven ? Manner.HAND_OVER_MODESTLY : Manner.HAND_OVER;
  }

  private void ask(Id holder, Map<Manner, List<Share>> manners, Turn turn) {
    if (view.state(holder) != PeerState.ACTIVE) {
      whys.put(holder, "node " + holder + (view.isTrusted(holder) ? " joins" : " does not answer"));
      return;
    }
    running += manners.size();
    manners.forEach(
        (manner, some) -> {
          List<Arc> arcs = some.stream().map(Share::arc).toList();
          updater.compare(
              holder, arcs, manner, true, turn, (done, later) -> compared(done, some, later));
        });
  }

  private void compared(Comparison done, List<Share> some, Turn turn) {
    deferred += done.deferred();
    Arcs proved = done.provedArcs();
    for (Share share : some) {
      if (proved.covers(Arcs.of(List.of(share.arc())))) {
        confirmedBy.get(share.arc().to()).add(done.peer());
      } else {
        whys.put(done.peer(), trouble(done));
      }
    }
    oneLess(turn);
  }

  private static String trouble(Comparison done) {
    return done.failure()
        .orElse(
            "node "
                + done.peer()
                + (done.deferred() > 0 ? " is being given its share" : " does not have all yet"));
  }

  private void oneLess(Turn turn) {
    running--;
    if (running == 0) {
      then.done(this, turn);
    }
  }

  /** Whether all have confirmed all. */
  boolean isDone() {
    return shares.stream().allMatch(share -> confirmedBy(share).containsAll(share.holders()));
  }

  /** Who has confirmed a share. */
  SortedSet<Id> confirmedBy(Share share) {
    return confirmedBy.getOrDefault(share.arc().to(), new TreeSet<>());
  }

  /** Entries that others are to give, about. */
  long deferred() {
    return deferred;
  }

  /** Who is waited for and why, in the words of one of them. */
  String why() {
    return whys.isEmpty() ? "" : whys.firstEntry().getValue();
  }
}
