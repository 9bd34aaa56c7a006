package org.ringslice.tools;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.ringslice.node.runtime.Access;
import org.ringslice.node.runtime.Cursor;
import org.ringslice.node.runtime.SliceChange;
import org.ringslice.node.runtime.SliceWatch;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code watch}: what is added to a slice and removed from it. */
@picocli.CommandLine.Command(
    name = "watch",
    description = "Print a line for each change in a slice, across all nodes, until stopped.",
    footer = {
      "",
      Slice.HELP,
      "",
      "Each line ends with a cursor. Who goes on from it with --since, at the same node and with",
      "the same slice, misses nothing and is told nothing twice. While the node is away, watch",
      "waits for it.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} watch '3f*' --json"
    })
final class WatchCommand extends ClientCommand {
  @Parameters(arity = "1", paramLabel = "SLICE", description = "Which part of the ring.")
  Slice slice;

  @Option(
      names = "--since",
      paramLabel = "CURSOR",
      description = "Go on from there; default: from now on.")
  Cursor since;

  @Option(names = "--count", paramLabel = "K", description = "End after K changes.")
  long count = Long.MAX_VALUE;

  @Override
  void checkUsage() {
    if (count < 1) {
      throw misuse("--count: at least 1");
    }
  }

  @Override
  int run(Access access) throws IOException {
    UntilStopped untilStopped = new UntilStopped(console.results());
    try {
      Cursor begin = since != null ? since : now(access);
      console.err().println("Watching from cursor " + begin + "; Ctrl-C stops.");
      print(
          Arrivals.of(
              new SliceWatch(
                  access.line(),
                  List.of(slice.arc()),
                  Optional.of(begin),
                  new ConnectionWords(console, "watching"),
                  ForkJoinPool.commonPool())));
    } finally {
      untilStopped.close();
    }
    return Main.DONE;
  }

  private void print(Arrivals<SliceChange> changes) throws IOException {
    for (long printed = 0; printed < count; printed++) {
      console.results().line(line(changes.next(), json));
      if (changes.isEmpty()) {
        console.results().flush();
      }
    }
    changes.cancel();
  }

  private Cursor now(Access access) {
    return Waiting.during(
        () -> await(access.cursor(List.of(slice.arc()))), console, "finding out what there is");
  }

  /** One change, as a line. */
  static String line(SliceChange change, boolean json) {
    String event = change.isRemoval() ? "removed" : "added";
    String cursor = change.cursor().toString();
    if (!json) {
      return String.format(Locale.ROOT, "%-7s  %s  %s", event, change.entry().id().toHex(), cursor);
    }
    return new Json()
        .put("event", event)
        .put("id", change.entry().id())
        .put("size", change.entry().size())
        .put("kind", change.entry().kind().name().toLowerCase(Locale.ROOT))
        .put("cursor", cursor)
        .toString();
  }
}
