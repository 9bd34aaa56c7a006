package org.ringslice.tools;

/**
 * What the libraries and the node have to tell, on stderr. To be set before the first logger is
 * made; later changes have no effect. {@link LogLines} says how it looks.
 */
final class Logs {
  private static volatile boolean verboseNode;

  private Logs() {}

  /**
   * A client command tells its results and troubles itself; leaving the logging library out saves
   * it a third of its time.
   */
  static void ofClient(boolean verbose) {
    if (verbose) {
      ofNode(true);
    } else {
      System.setProperty("slf4j.internal.verbosity", "ERROR");
      System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    }
  }

  /** A node tells its news. */
  static void ofNode(boolean verbose) {
    verboseNode = verbose;
  }

  /** The least that is told. */
  static String level() {
    return verboseNode ? "DEBUG" : "INFO";
  }

  /** What becomes of stack traces, as the end of a pattern. */
  static String traces() {
    return verboseNode ? "%ex" : "%nopex";
  }
}
