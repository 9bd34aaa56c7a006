package org.ringslice.tools;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a command reads and writes.
 *
 * @param results stdout, for what was asked for
 * @param err stderr, for everything else
 * @param outIsTerminal whether a person looks at stdout
 * @param errIsTerminal whether a person looks at stderr
 */
record Console(
    InputStream in,
    Results results,
    PrintStream err,
    Map<String, String> environment,
    boolean outIsTerminal,
    boolean errIsTerminal) {

  /**
   * Set by the launcher, which can tell: the standard streams that are terminals, by their numbers.
   * Java on its own knows it only of all of them together.
   */
  private static final String TERMINALS = "ringslice.terminals";

  static Console ofProcess() {
    String terminals = System.getProperty(TERMINALS, "");
    return new Console(
        StandardStreams.isInClosed() ? StandardStreams.closedIn() : System.in,
        StandardStreams.isOutClosed()
            ? Results.unread()
            : new Results(new FileOutputStream(FileDescriptor.out)),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        System.getenv(),
        terminals.contains("1"),
        terminals.contains("2"));
  }

  /** Says on stderr, in one sentence, why something could not be done. */
  void complain(String sentence) {
    err.println("ringslice: " + Words.plain(sentence));
  }
}
