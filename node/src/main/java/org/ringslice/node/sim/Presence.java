package org.ringslice.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.ringslice.messages.Id;

/**
 * Who was on the ring when, as only somebody can know who sees all machines at once. By this it is
 * judged whether a look-up named the right owner: who comes and goes meanwhile may be named or
 * passed over for a while, for news takes its time.
 */
final class Presence {
  /**
   * For so long a node that went may still be named, and one that came be passed over. A death is
   * noticed within 2.7 s, and its news goes a few steps of 0.1 s; who watched the dead may have
   * died too.
   */
  static final long GRACE_NANOS = 5_000_000_000L;

  /** From coming on to the ring until its end: of one life of a node. */
  final class Stay {
    private final Host host;
    private final long sinceNanos;
    private long untilNanos = Long.MAX_VALUE;

    private Stay(Host host) {
      this.host = host;
      sinceNanos = agenda.nowNanos();
    }

    void end() {
      untilNanos = agenda.nowNanos();
    }

    private boolean isNow() {
      return untilNanos == Long.MAX_VALUE;
    }
  }

  private final Agenda agenda;
  private final TreeMap<Id, List<Stay>> stays = new TreeMap<>();
  private final Arrivals arrivals = new Arrivals();

  Presence(Agenda agenda) {
    this.agenda = agenda;
  }

  /** How long those took who came. */
  Arrivals arrivals() {
    return arrivals;
  }

  /** A node is on the ring from now on. */
  Stay begin(Host host) {
    Stay stay = new Stay(host);
    arrivals.add(agenda.nowNanos() - host.startedAt());
    stays.computeIfAbsent(host.id(), none -> new ArrayList<>(1)).add(stay);
    return stay;
  }

  /**
   * Whether a node may be named as the owner of a point, now: it was on the ring, and no other that
   * lies nearer was there all the time.
   *
   * @param asker was in reach of those that count
   * @param askedAt the moment of the question
   * @param graceNanos for so long before that moment nothing has to be known yet
   */
  boolean mayOwn(Id named, Id point, Host asker, long askedAt, long graceNanos) {
    long from = askedAt - graceNanos;
    return wasThere(named, from) && !isPassedOver(named, point, asker, from);
  }

  private boolean wasThere(Id named, long from) {
    return stays.getOrDefault(named, List.of()).stream().anyMatch(stay -> stay.untilNanos >= from);
  }

  private boolean isPassedOver(Id named, Id point, Host asker, long from) {
    Id at = atOrAfter(point);
    while (!at.equals(named)) {
      if (stays.get(at).stream().anyMatch(stay -> isSure(stay, asker, from))) {
        return true;
      }
      at = atOrAfter(at.next());
    }
    return false;
  }

  /** Whether all that ask must know of a node. */
  private static boolean isSure(Stay stay, Host asker, long from) {
    return stay.isNow()
        && stay.sinceNanos <= from
        && stay.host.undisturbedSince() <= from
        && Network.passes(asker, stay.host)
        && Network.passes(stay.host, asker);
  }

  private Id atOrAfter(Id point) {
    Id at = stays.ceilingKey(point);
    return at == null ? stays.firstKey() : at;
  }
}
