package org.ringslice.tools;

import java.io.IOException;
import java.util.Locale;
import org.ringslice.messages.Estimate;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Option;

/** {@code size}: how many nodes and items the ring has. */
@picocli.CommandLine.Command(
    name = "size",
    description = "Tell how many nodes and items the ring has, each with a 95 %% interval.",
    footer = {
      "",
      "Nodes are counted exactly while the asked node knows all of them, and items while there",
      "are no more than 64 nodes. On a larger ring both are estimated from a part of it.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} size"
    })
final class SizeCommand extends ClientCommand {
  @Option(
      names = "--calls",
      paramLabel = "K",
      description = {
        "Where an estimate is needed, the points of the ring to ask about, 1 to "
            + Limits.SIZE_CALLS_MAX
            + ": four times as many halve the error. Default: 12."
      })
  Integer calls;

  @Override
  void checkUsage() {
    if (calls != null && (calls < 1 || calls > Limits.SIZE_CALLS_MAX)) {
      throw misuse("--calls: 1 to " + Limits.SIZE_CALLS_MAX);
    }
  }

  @Override
  int run(Access access) throws IOException {
    Message.SizeIs size =
        Waiting.during(
            () -> await(calls == null ? access.size() : access.size(calls)),
            console,
            "asking about the ring");
    if (json) {
      console.results().line(object(size));
    } else {
      console.results().line("nodes   " + words(size.nodes()));
      console.results().line("items   " + words(size.items()));
    }
    return Main.DONE;
  }

  private static Json object(Message.SizeIs size) {
    return new Json()
        .put("nodes", size.nodes().value())
        .put("nodes_low", size.nodes().low())
        .put("nodes_high", size.nodes().high())
        .put("exact", size.nodes().exact())
        .put("items", size.items().value())
        .put("items_low", size.items().low())
        .put("items_high", size.items().high())
        .put("items_exact", size.items().exact());
  }

  /** {@code 6, exactly}, {@code about 1,040 (95 %: 980 to 1,100)}. */
  static String words(Estimate estimate) {
    if (estimate.high() == Long.MAX_VALUE) {
      return "not known: no node told in time; ask again";
    }
    return estimate.exact()
        ? String.format(Locale.ROOT, "%,d, exactly", estimate.value())
        : String.format(
            Locale.ROOT,
            "about %,d (95 %%: %,d to %,d)",
            estimate.value(),
            estimate.low(),
            estimate.high());
  }
}
