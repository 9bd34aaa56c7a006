package org.ringslice.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Limits;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Option;

/** {@code status}: whether everything has all its copies. */
@picocli.CommandLine.Command(
    name = "status",
    description =
        "Tell whether every item of the ring has all its copies, or which have not, and why.",
    footer = {
      "",
      "Each node holds what it has against the others while you wait. Exits 0 when there is an",
      "answer, whatever it is, and 1 when a node did not tell all and nothing else is missing.",
      "",
      "With --check it exits 1 unless the ring is fully replicated: every item has all the copies",
      "that the ring can hold, nothing was found damaged or lost, and no node still verifies its",
      "copies after an unclean stop. A ring of fewer nodes than copies wanted is told of as such",
      "('nodes_lacking' in JSON), and is fully replicated all the same when each of its nodes has",
      "everything; but a node alone is not, unless one copy is all that is wanted.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} status --watch",
      "  ${ROOT-COMMAND-NAME} status --check && echo all is well"
    })
final class StatusCommand extends ClientCommand {
  private static final long WATCH_MILLIS = 1_000;

  /** Missing copies that are listed while it is redrawn; more would run out of the screen. */
  private static final int WATCHED_MAX = 10;

  @Option(
      names = "--watch",
      description = "Ask again each second, until stopped; without a terminal, a line a change.")
  boolean watch;

  @Option(names = "--check", description = "Exit 1 when the ring is not fully replicated.")
  boolean check;

  @Override
  void checkUsage() {
    if (watch && check) {
      throw misuse("--check asks once and --watch does not end; use one of them");
    }
  }

  @Override
  int run(Access access) throws IOException {
    if (watch) {
      return watch(access);
    }
    RingStatus status = asked(access);
    print(status, json ? List.of() : status.lines(Limits.MISSING_MAX));
    if (!status.isSure()) {
      throw new CommandException(
          "it can't be told whether every item has all its copies: "
              + status.doubt()
              + "; try again");
    }
    if (check && !status.isFullyReplicated()) {
      throw new CommandException(status.sentence());
    }
    return Main.DONE;
  }

  private RingStatus asked(Access access) {
    return Waiting.during(() -> RingStatus.of(access), console, "asking all nodes");
  }

  private void print(RingStatus status, List<String> lines) throws IOException {
    Results results = console.results();
    if (json) {
      results.line(status.json());
    }
    for (String line : lines) {
      results.line(line);
    }
    results.flush();
  }

  private int watch(Access access) throws IOException {
    RingStatus before = asked(access);
    if (console.outIsTerminal() && !json) {
      return redraw(before, access);
    }
    tell(before);
    while (true) {
      pause();
      RingStatus now = again(access);
      if (now != null && isNews(now, before)) {
        tell(now);
        before = now;
      }
    }
  }

  /** Text does not tell how much is not verified yet, which changes all the time. */
  private boolean isNews(RingStatus now, RingStatus before) {
    return json ? !now.equals(before) : !now.summary().equals(before.summary());
  }

  private void tell(RingStatus status) throws IOException {
    print(status, json ? List.of() : List.of(TimeOfDay.toTheSecond() + "  " + status.summary()));
  }

  private int redraw(RingStatus first, Access access) throws IOException {
    Screen screen = Screen.of(console.environment());
    CopyMeter meter = new CopyMeter();
    RingStatus status = first;
    int drawn = 0;
    while (true) {
      if (status != null) {
        Results results = console.results();
        results.text(drawn == 0 ? "" : "\u001b[" + drawn + "A\u001b[J");
        List<String> lines = new ArrayList<>(status.lines(WATCHED_MAX));
        String copied = meter.line(status.toGoBytes(), System.nanoTime());
        if (!copied.isEmpty()) {
          lines.add(copied);
        }
        for (String line : lines) {
          results.line(line.substring(0, Math.min(line.length(), screen.columns())));
        }
        results.line("at " + TimeOfDay.toTheSecond() + "; Ctrl-C stops");
        results.flush();
        drawn = lines.size() + 1;
      }
      pause();
      status = again(access);
    }
  }

  /** Null when there was no answer, of which stderr is told: it may come the next time. */
  private RingStatus again(Access access) {
    try {
      return RingStatus.of(access);
    } catch (RefusedException e) {
      console.complain(e.getMessage());
      return null;
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted");
    }
  }
}
