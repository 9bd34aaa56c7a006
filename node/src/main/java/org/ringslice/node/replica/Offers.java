package org.ringslice.node.replica;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.node.ring.View;
import org.ringslice.sync.Summary;

/**
 * What lies here and belongs elsewhere is given to who leads there ({@link Updater}). Of each share
 * this remembers what was given to whom, so that copies that are kept for a day are not compared
 * over and over: only when something has come to them, or one of the holders has come, gone or
 * started again, and each hour for the case that all of them have damaged theirs.
 */
final class Offers {
  /** After which it is compared all the same. A guess: a message an hour to each who leads. */
  static final long AGAIN_NANOS = 3_600_000_000_000L;

  /** A holder as it was then; started again it may have lost what it had. */
  private record Seen(Id holder, PeerState state, Optional<Long> incarnation) {}

  private record Offer(Share share, Id leader, List<Seen> holders, Summary own, long atNanos) {
    boolean isLike(Offer now) {
      return share.equals(now.share)
          && leader.equals(now.leader)
          && holders.equals(now.holders)
          && own.equals(now.own)
          && now.atNanos - atNanos < AGAIN_NANOS;
    }
  }

  private final View view;

  // by the ends of their shares
  private final TreeMap<Id, Offer> begun = new TreeMap<>();
  private final TreeMap<Id, Offer> made = new TreeMap<>();

  Offers(View view) {
    this.view = view;
  }

  private Offer offer(Share share, Id leader, Summary own, long now) {
    List<Seen> holders =
        share.holders().stream()
            .map(id -> new Seen(id, view.state(id), view.peer(id).map(Peer::incarnation)))
            .toList();
    return new Offer(share, leader, holders, own, now);
  }

  /** Whether who leads a share was given all that lies here, and nothing has changed since. */
  boolean isMade(Share share, Id leader, Summary own, long now) {
    Offer before = made.get(share.arc().to());
    return before != null && before.isLike(offer(share, leader, own, now));
  }

  /** A share is about to be compared with who leads it. */
  void begin(Share share, Id leader, Summary own, long now) {
    begun.put(share.arc().to(), offer(share, leader, own, now));
  }

  /** These were compared with a peer to the end. */
  void compared(Id peer, Collection<Id> ends) {
    for (Id end : ends) {
      Offer offer = begun.get(end);
      if (offer != null && offer.leader().equals(peer)) {
        made.put(end, begun.remove(end));
      }
    }
  }

  /** There are no other shares with something of them here. */
  void retain(Collection<Share> shares) {
    TreeSet<Id> ends = new TreeSet<>();
    shares.forEach(share -> ends.add(share.arc().to()));
    begun.keySet().retainAll(ends);
    made.keySet().retainAll(ends);
  }
}
