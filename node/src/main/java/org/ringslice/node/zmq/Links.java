package org.ringslice.node.zmq;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The links of a node by their numbers, on both lanes. Whoever removes a link has the say: the loop
 * thread by closing it, or its worker by losing it, so that a link that was closed here is never
 * reported as lost.
 */
final class Links {
  private final Map<Long, Link> byNumber = new ConcurrentHashMap<>();
  private final AtomicLong lastIncoming = new AtomicLong();

  /** A number for a link that somebody else dialled. */
  long nextIncoming() {
    return lastIncoming.decrementAndGet();
  }

  void add(Link link) {
    if (byNumber.putIfAbsent(link.number, link) != null) {
      throw new IllegalArgumentException("link " + link.number + " exists");
    }
  }

  /** The link, or null. */
  Link get(long number) {
    return byNumber.get(number);
  }

  /** Takes a link out; whether it was still in. */
  boolean remove(Link link) {
    return byNumber.remove(link.number, link);
  }
}
