package org.ringslice.tools;

import java.util.regex.Pattern;
import org.ringslice.node.files.CopyDemand;
import picocli.CommandLine.Option;

/** How many copies a command needs, as the option or the environment says it. */
final class MinCopies {
  static final String VARIABLE = "RINGSLICE_MIN_COPIES";

  private static final String OPTION = "--min-copies";

  /** More are no number of nodes on any LAN; the ring says how many copies it keeps. */
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  @Option(
      names = OPTION,
      paramLabel = "N",
      description =
          "Fewer copies than N are exit code 1, after up to 10 s more in which the missing ones are"
              + " asked for; what was reached is printed all the same. Default: that of "
              + VARIABLE
              + ", else none.")
  String option;

  private CopyDemand demand;

  /** Reads it; throws a misuse when it is no number of copies. */
  void read(Command command) {
    String variable = command.console.environment().get(VARIABLE);
    if (option != null) {
      demand = CopyDemand.of(number(option, OPTION, command));
    } else if (variable != null) {
      demand = CopyDemand.of(number(variable, VARIABLE, command));
    }
  }

  private static int number(String text, String origin, Command command) {
    if (!NUMBER.matcher(text).matches()) {
      throw command.misuse(
          origin + ": '" + text + "' is no number of copies; give one from 1 to 999999999");
    }
    return Integer.parseInt(text);
  }

  boolean isGiven() {
    return demand != null;
  }

  /** What the store is to reach. */
  CopyDemand demand() {
    return isGiven() ? demand : CopyDemand.NONE;
  }
}
