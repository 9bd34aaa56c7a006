package org.ringslice.node.zmq;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link Traffic}, for one lane. Any thread may count and read. */
final class Counters {
  final LongAdder messagesIn = new LongAdder();
  final LongAdder messagesOut = new LongAdder();
  final LongAdder bytesIn = new LongAdder();
  final LongAdder bytesOut = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder unreadable = new LongAdder();
  final LongAdder broken = new LongAdder();
  final LongAdder refused = new LongAdder();
  final AtomicInteger linksIn = new AtomicInteger();
  final AtomicInteger linksOut = new AtomicInteger();

  Traffic snapshot() {
    return new Traffic(
        messagesIn.sum(),
        messagesOut.sum(),
        bytesIn.sum(),
        bytesOut.sum(),
        dropped.sum(),
        unreadable.sum(),
        broken.sum(),
        refused.sum(),
        linksIn.get(),
        linksOut.get());
  }
}
