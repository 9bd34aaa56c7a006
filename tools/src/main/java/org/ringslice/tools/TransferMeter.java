package org.ringslice.tools;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import org.ringslice.node.files.Progress;

/**
 * Shows on a terminal how far a transfer has come: bytes, rate, time left. Redrawn by a thread of
 * its own, so that a transfer that stands still is seen to do so; wiped out in the end.
 */
final class TransferMeter implements Progress, AutoCloseable {
  /** What is over sooner needs no meter. */
  private static final long FIRST_DRAW_MILLIS = 400;

  private static final long REDRAW_MILLIS = 200;

  /** The rate is that of the last seconds. */
  private static final long RATE_NANOS = 3_000_000_000L;

  private static final String WIPE = "\r\u001b[K";

  private record Sample(long atNanos, long bytes) {}

  private final Console console;
  private final PrintStream screen;
  private final String name;
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private final Thread drawing;
  private volatile long doneBytes;
  private volatile long totalBytes = -1;
  private volatile long doneFiles = -1;
  private volatile long totalFiles = -1;
  private volatile TreeSize tree;

  /** Shows nothing when nobody looks at stderr. */
  TransferMeter(Console console, String name) {
    this.console = console;
    this.screen = console.err();
    this.name = name;
    drawing = new Thread(this::draw, "ringslice-meter");
    drawing.setDaemon(true);
    if (console.errIsTerminal()) {
      samples.add(new Sample(System.nanoTime(), 0));
      drawing.start();
    }
  }

  @Override
  public void reached(long done, long total) {
    totalBytes = total;
    doneBytes = done;
  }

  @Override
  public void reachedFiles(long done, long total) {
    totalFiles = total;
    doneFiles = done;
  }

  /** Tells at once; the line of the meter makes room. */
  @Override
  public void note(String sentence) {
    synchronized (screen) {
      if (console.errIsTerminal()) {
        screen.print(WIPE);
      }
      console.complain(sentence);
    }
  }

  /** A folder that is about to be stored: how much it is, is found out meanwhile. */
  void expect(Path folder) {
    if (console.errIsTerminal()) {
      tree = TreeSize.measure(folder);
    }
  }

  private void draw() {
    boolean drawn = false;
    try {
      Thread.sleep(FIRST_DRAW_MILLIS);
      while (!Thread.currentThread().isInterrupted()) {
        synchronized (screen) {
          screen.print(WIPE + line(System.nanoTime()));
          screen.flush();
        }
        drawn = true;
        Thread.sleep(REDRAW_MILLIS);
      }
    } catch (InterruptedException e) {
      // the transfer is over
    }
    if (drawn) {
      screen.print(WIPE);
      screen.flush();
    }
  }

  private String line(long nowNanos) {
    TreeSize measured = tree;
    boolean known = measured != null && measured.isWhole();
    long done = doneBytes;
    long total = known ? measured.bytes() : totalBytes;
    samples.add(new Sample(nowNanos, done));
    while (samples.size() > 2 && nowNanos - samples.peek().atNanos() > RATE_NANOS) {
      samples.poll();
    }
    Sample oldest = samples.element();
    double seconds = (nowNanos - oldest.atNanos()) / 1e9;
    String what = name + describeFiles(doneFiles, known ? measured.files() : totalFiles);
    return describe(what, done, total, (done - oldest.bytes()) / seconds);
  }

  /** {@code 1234 of 10000 files}; nothing for a single file. */
  static String describeFiles(long done, long total) {
    if (done < 0) {
      return "";
    }
    return "  " + done + (total < 0 ? "" : " of " + total) + " files";
  }

  /** {@code big.iso 45.2 MiB of 100.0 MiB (45 %), 88.1 MiB/s, 1 s left}. */
  static String describe(String name, long done, long total, double bytesPerSecond) {
    StringBuilder line = new StringBuilder(name).append("  ").append(Sizes.of(done));
    if (total > 0) {
      line.append(" of ").append(Sizes.of(total)).append(" (").append(100 * done / total);
      line.append(" %)");
    }
    if (bytesPerSecond < 1) {
      return line.append(", waiting for the ring").toString();
    }
    line.append(", ").append(Sizes.of((long) bytesPerSecond)).append("/s");
    if (total > 0) {
      long left = Math.round(Math.ceil((total - done) / bytesPerSecond));
      line.append(", ").append(Sizes.ofSeconds(left)).append(" left");
    }
    return line.toString();
  }

  @Override
  public void close() {
    drawing.interrupt();
    if (tree != null) {
      tree.close();
    }
    try {
      drawing.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
