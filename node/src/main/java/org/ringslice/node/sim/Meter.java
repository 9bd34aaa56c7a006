package org.ringslice.node.sim;

import java.util.Locale;

/** What the nodes send, each in a second on the mean, from one reading to the next. */
final class Meter {
  private final World world;
  private long readAtNanos;
  private int nodes;
  private long messages;
  private long bytes;

  Meter(World world) {
    this.world = world;
  }

  /**
   * The messages since the last reading, and of those and of their bytes how many a node and
   * second; bytes of all frames, without what the transport adds.
   */
  String read() {
    Trace trace = world.trace();
    long sent = trace.messages() - messages;
    double seconds = (world.agenda().nowNanos() - readAtNanos) / 1e9;
    int nodesNow = world.living().size();
    double nodeSeconds = seconds * (nodes + nodesNow) / 2;
    String line =
        nodeSeconds > 0
            ? String.format(
                Locale.ROOT,
                "%,9d messages, %6.1f /node/s, %6.0f bytes/node/s",
                sent,
                sent / nodeSeconds,
                (trace.bytes() - bytes) / nodeSeconds)
            : String.format(Locale.ROOT, "%,9d messages", sent);
    readAtNanos = world.agenda().nowNanos();
    nodes = nodesNow;
    messages = trace.messages();
    bytes = trace.bytes();
    return line;
  }
}
