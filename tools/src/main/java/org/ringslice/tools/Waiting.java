package org.ringslice.tools;

import java.io.PrintStream;
import java.util.function.Supplier;

/**
 * Shows on a terminal that an answer takes its time, and how long already; wiped out in the end.
 */
final class Waiting {
  /** What is over sooner needs no sign of life. */
  private static final long FIRST_DRAW_MILLIS = 500;

  private static final long REDRAW_MILLIS = 100;
  private static final String WHEEL = "|/-\\";
  private static final String WIPE = "\r\u001b[K";

  private final PrintStream screen;
  private final String what;
  private final long beginNanos = System.nanoTime();
  private final Thread drawing;

  /**
   * Does the work meanwhile.
   *
   * @param what is waited for, as in {@code asking all nodes}
   */
  static <T> T during(Supplier<T> work, Console console, String what) {
    Waiting waiting = new Waiting(console, what);
    try {
      return work.get();
    } finally {
      waiting.end();
    }
  }

  private Waiting(Console console, String what) {
    this.screen = console.err();
    this.what = what;
    drawing = new Thread(this::draw, "ringslice-waiting");
    drawing.setDaemon(true);
    if (console.errIsTerminal()) {
      drawing.start();
    }
  }

  private void draw() {
    int turn = 0;
    try {
      Thread.sleep(FIRST_DRAW_MILLIS);
      while (true) {
        char spoke = WHEEL.charAt(turn++ % WHEEL.length());
        long seconds = (System.nanoTime() - beginNanos) / 1_000_000_000L;
        screen.print(WIPE + spoke + " " + what + ", " + Sizes.ofSeconds(seconds));
        screen.flush();
        Thread.sleep(REDRAW_MILLIS);
      }
    } catch (InterruptedException e) {
      // the answer is there
    }
    if (turn > 0) {
      screen.print(WIPE);
      screen.flush();
    }
  }

  private void end() {
    drawing.interrupt();
    try {
      drawing.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
