package org.ringslice.tools;

/** The command as the person called it, so that what a hint says can be typed as it stands. */
final class CalledAs {
  /** Set by the launcher: a path, or a name where that finds it. */
  private static final String COMMAND = "ringslice.command";

  private CalledAs() {}

  /** {@code ringslice}, {@code tools/ringslice}. */
  static String name() {
    return System.getProperty(COMMAND, "ringslice");
  }
}
