package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.node.ring.View;
import org.ringslice.sync.Summary;

/**
 * Who has confirmed what of all that lies here, over several attempts: what was proved stays so
 * until something of its share has changed, or who confirmed it has started anew. So a leave comes
 * to its end though at each attempt somebody does not answer, or something is stored.
 */
final class Confirmations {
  /** A share, what lay here of it, and with which incarnations of its holders that was proved. */
  private record Holding(Share share, Summary summary, TreeMap<Id, Long> confirmedBy) {}

  private final View view;

  // by the ends of the shares
  private TreeMap<Id, Holding> holdings = new TreeMap<>();

  Confirmations(View view) {
    this.view = view;
  }

  /**
   * Takes what lies here now.
   *
   * @param summaries of the shares, in their order
   */
  void take(List<Share> shares, List<Summary> summaries) {
    TreeMap<Id, Holding> now = new TreeMap<>();
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      Summary summary = summaries.get(i);
      Holding before = holdings.get(share.arc().to());
      boolean isSame =
          before != null && before.share.equals(share) && before.summary.equals(summary);
      if (summary.count() > 0) {
        now.put(share.arc().to(), isSame ? before : new Holding(share, summary, new TreeMap<>()));
      }
    }
    holdings = now;
  }

  /** The shares that are not confirmed by all their holders, with those who are missing. */
  List<Share> open() {
    List<Share> open = new ArrayList<>();
    for (Holding holding : holdings.values()) {
      List<Id> missing =
          holding.share.holders().stream().filter(holder -> !isBy(holding, holder)).toList();
      if (!missing.isEmpty()) {
        open.add(new Share(holding.share.arc(), missing));
      }
    }
    return open;
  }

  private boolean isBy(Holding holding, Id holder) {
    Long incarnation = holding.confirmedBy.get(holder);
    return incarnation != null && incarnation == incarnation(holder);
  }

  private long incarnation(Id node) {
    return view.peer(node).map(Peer::incarnation).orElse(0L);
  }

  /** Takes in what came of an attempt to have the {@link #open} ones confirmed. */
  void note(Confirming done) {
    for (Holding holding : holdings.values()) {
      done.confirmedBy(holding.share)
          .forEach(holder -> holding.confirmedBy.put(holder, incarnation(holder)));
    }
  }

  /** Entries of which not all holders have confirmed that they have them. */
  long toGo() {
    return open().stream().mapToLong(share -> holdings.get(share.arc().to()).summary.count()).sum();
  }
}
