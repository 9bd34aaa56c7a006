package org.ringslice.node.ring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Lane;

/**
 * The way to one peer on one lane: READY once the far side has said who it is, WAITING before that
 * and while its credit is spent. Its connection may be replaced by a better one; its calls stay.
 * Invariants: it has a connection, or a race for one is run, or it is forgotten; what is unanswered
 * on it never exceeds the far side's credit, unless it is a single call.
 */
final class Link {
  /**
   * Of two connections that two nodes dialled to each other within so long, that of the lesser id
   * stays; of others the newer one, for who dials anew has a reason.
   */
  static final long CROSSING_NANOS = Dialler.DIAL_NANOS_MAX;

  final Lane lane;

  /** Whom it leads to; null while whoever answers is welcome. */
  Id peer;

  /** Null while there is none. */
  private Ready ready;

  /**
   * A connection.
   *
   * @param endpoint where this node dialled it; null when the peer did
   * @param who is at its other end
   * @param since when it has been this link's
   */
  private record Ready(long number, Endpoint endpoint, Identity who, long since) {}

  /** The race for a connection, or for a better one; null when none is run. */
  Dial dial;

  private final TreeMap<Long, Call> unanswered = new TreeMap<>();
  private final ArrayDeque<Call> waiting = new ArrayDeque<>();
  private long unansweredBytes;

  Link(Lane lane, Id peer) {
    this.lane = lane;
    this.peer = peer;
  }

  boolean isReady() {
    return ready != null;
  }

  /** The number of the connection of a link that is ready. */
  long number() {
    return ready.number();
  }

  /** Whether this node dialled the connection of a link that is ready, and not the peer. */
  boolean isDialledHere() {
    return ready.number() > 0;
  }

  /** Since when a link that is ready has had its connection. */
  long since() {
    return ready.since();
  }

  /** Whether a link that is ready was dialled at a place. */
  boolean wasDialledAt(Endpoint place) {
    return ready.endpoint() != null && ready.endpoint().isSamePlace(place);
  }

  /**
   * Whether a link that is ready leads to a place, by this node's experience or the peer's word.
   */
  boolean leadsTo(Endpoint place) {
    return wasDialledAt(place) || ready.who().endpoints().stream().anyMatch(place::isSamePlace);
  }

  /** Who answered on a link that is ready. */
  Identity who() {
    return ready.who();
  }

  /**
   * Whether a link that is ready is to go over to another connection. Both sides decide alike, so
   * that one of the two stays.
   */
  boolean yieldsTo(long number, Identity who, Id self, long now) {
    boolean isMine = number > 0;
    if (ready.who().session() != who.session()) {
      return true;
    }
    if (isDialledHere() == isMine) {
      return !isMine;
    }
    boolean crossed = now - ready.since() < CROSSING_NANOS;
    return !crossed || isMine == self.compareTo(who.id()) < 0;
  }

  /**
   * @param at where this node dialled the connection; null when the peer did
   */
  void connected(long number, Endpoint at, Identity who, long now) {
    ready = new Ready(number, at, who, now);
    peer = who.id();
  }

  /** Whether no connection is being looked for, and no call is on it. */
  boolean isAtRest() {
    return dial == null && unanswered.isEmpty() && waiting.isEmpty();
  }

  void disconnected() {
    ready = null;
  }

  int waitingCount() {
    return waiting.size();
  }

  int unansweredCount() {
    return unanswered.size();
  }

  void enqueue(Call call) {
    waiting.add(call);
  }

  /** The next call that the credit lets through, or null. */
  Call nextToSend() {
    Call next = waiting.peek();
    if (next == null || !isReady()) {
      return null;
    }
    boolean fits =
        unanswered.isEmpty()
            || (unanswered.size() < ready.who().creditRequests()
                && unansweredBytes + next.costBytes <= ready.who().creditBytes());
    return fits ? waiting.poll() : null;
  }

  void sent(Call call, long processingId) {
    call.processingId = processingId;
    unanswered.put(processingId, call);
    unansweredBytes += call.costBytes;
  }

  /** Takes an answered call off the link; null when nobody waits for that answer any more. */
  Call settle(long processingId) {
    Call call = unanswered.remove(processingId);
    if (call != null) {
      unansweredBytes -= call.costBytes;
    }
    return call;
  }

  /**
   * Takes a call off that nobody waits for any more. Its credit comes back with it: the answer may
   * be lost.
   */
  void drop(Call call) {
    if (settle(call.processingId) != call) {
      waiting.remove(call);
    }
  }

  /** Takes all calls off, the sent ones first. */
  List<Call> dropAll() {
    List<Call> calls = new ArrayList<>(unanswered.values());
    calls.addAll(waiting);
    unanswered.clear();
    waiting.clear();
    unansweredBytes = 0;
    return calls;
  }
}
