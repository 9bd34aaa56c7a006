package org.ringslice.tools;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code count}: how many items a slice has, and how many bytes. */
@picocli.CommandLine.Command(
    name = "count",
    description =
        "Count the items of a slice, each once however many copies it has, and their bytes.",
    footer = {"", Slice.HELP, "", "Example:", "  ${ROOT-COMMAND-NAME} count '3f*'"})
final class CountCommand extends ClientCommand {
  @Parameters(paramLabel = "SLICE", description = "Which.")
  Slice slice;

  @Option(names = "--local", description = "Only what the asked node itself holds.")
  boolean local;

  @Override
  int run(Access access) throws IOException {
    Message.Scope scope = local ? Message.Scope.HELD : Message.Scope.RING;
    List<Message.CountIs> parts =
        Waiting.during(() -> await(access.count(slice.arc(), scope)), console, "counting");
    long items = parts.stream().mapToLong(Message.CountIs::items).sum();
    long bytes = parts.stream().mapToLong(Message.CountIs::sizeBytes).sum();
    if (json) {
      console.results().line(new Json().put("items", items).put("bytes", bytes));
    } else {
      console.results().line(String.format(Locale.ROOT, "items   %,d", items));
      console
          .results()
          .line(String.format(Locale.ROOT, "bytes   %,d (%s)", bytes, Sizes.of(bytes)));
    }
    return Main.DONE;
  }
}
