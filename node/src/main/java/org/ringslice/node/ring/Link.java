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
  final Lane lane;

  /** Whom it leads to; null while whoever answers is welcome. */
  Id peer;

  /** The connection, where it leads, and who has answered there; null while there is none. */
  private Ready ready;

  private record Ready(long number, Endpoint endpoint, Identity who) {}

  /** The race for a connection, or for a better one; null when none is run. */
  Dial dial;

  private final TreeMap<Long, Call> unanswered = new TreeMap<>();
  private final ArrayDeque<Call> waiting = new ArrayDeque<>();
  private long unansweredBytes;
  private long usedAt;

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

  /** Where a link that is ready leads. */
  Endpoint endpoint() {
    return ready.endpoint();
  }

  /** Who answered on a link that is ready. */
  Identity who() {
    return ready.who();
  }

  void connected(long number, Endpoint at, Identity who, long now) {
    ready = new Ready(number, at, who);
    peer = who.id();
    usedAt = now;
  }

  /** Something came, which each use of a connection leads to. */
  void used(long now) {
    usedAt = now;
  }

  /** Whether nothing is asked, and nothing has come since a moment. */
  boolean isIdleSince(long moment) {
    return unanswered.isEmpty() && waiting.isEmpty() && usedAt < moment;
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
