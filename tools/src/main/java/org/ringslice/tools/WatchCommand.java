package org.ringslice.tools;

import java.io.IOException;
import java.util.List;
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
      "Each line has a cursor. Who goes on from it with --since, at the same node and with the",
      "same slice, misses nothing and is told nothing twice. While the node is away, watch waits",
      "for it. Behind the cursor: the size, and what it is, as far as the node knows: a file, a",
      "folder, a block of a file, a part of a large manifest; else a blob.",
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
      Arrivals<SliceChange> changes = Arrivals.of(watch(access, Optional.of(begin)));
      new ChangeLines(access, console.results(), json).print(changes, count);
      changes.cancel();
    } finally {
      untilStopped.close();
    }
    return Main.DONE;
  }

  private Cursor now(Access access) {
    return Waiting.during(
        () -> await(watch(access, Optional.empty()).begin()), console, "finding out what there is");
  }

  private SliceWatch watch(Access access, Optional<Cursor> from) {
    return new SliceWatch(
        access.line(),
        List.of(slice.arc()),
        from,
        new ConnectionWords(console, "watching"),
        ForkJoinPool.commonPool());
  }
}
