package org.ringslice.tools;

/**
 * How far the copies of a ring have come, as one line, from what is still to go at some moments. It
 * begins anew when all were made, or more is found to go than ever. For one thread.
 */
final class CopyMeter {
  private static final double NANOS_PER_SECOND = 1e9;

  private long totalBytes;
  private long lastBytes;
  private long lastNanos;

  /** Empty when nothing is to go. */
  String line(long toGoBytes, long nowNanos) {
    double seconds = (nowNanos - lastNanos) / NANOS_PER_SECOND;
    boolean begins = lastBytes == 0 || toGoBytes > totalBytes;
    double rate = begins ? 0 : (lastBytes - toGoBytes) / seconds;
    totalBytes = begins ? toGoBytes : totalBytes;
    lastBytes = toGoBytes;
    lastNanos = nowNanos;
    return toGoBytes == 0
        ? ""
        : TransferMeter.describe("copied", totalBytes - toGoBytes, totalBytes, Math.max(0, rate));
  }
}
