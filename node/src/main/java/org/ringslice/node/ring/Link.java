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
 * A connection that this node dialled: READY once the far side has said who it is, WAITING before
 * that and while its credit is spent, CLOSED when it is gone. Invariant: what is unanswered on it
 * never exceeds the far side's credit, unless it is a single call.
 */
final class Link {
  final long number;
  final Lane lane;

  /** Where it leads, and where else the peer may be reached when it does not. */
  final Endpoint endpoint;

  final List<Endpoint> otherEndpoints;

  /** Whom it is to lead to; null when whoever is there is welcome. */
  final Id expected;

  /** Who is there; null until it has said so. */
  Identity who;

  Timers.Handle dialDeadline;

  private final TreeMap<Long, Call> unanswered = new TreeMap<>();
  private final ArrayDeque<Call> waiting = new ArrayDeque<>();
  private long unansweredBytes;

  Link(long number, Lane lane, Endpoint endpoint, List<Endpoint> otherEndpoints, Id expected) {
    this.number = number;
    this.lane = lane;
    this.endpoint = endpoint;
    this.otherEndpoints = otherEndpoints;
    this.expected = expected;
  }

  boolean isReady() {
    return who != null;
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
            || (unanswered.size() < who.creditRequests()
                && unansweredBytes + next.costBytes <= who.creditBytes());
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
