package org.ringslice.tools;

import java.io.IOException;
import java.util.concurrent.ForkJoinPool;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Access;
import org.ringslice.node.runtime.MessageWatch;
import picocli.CommandLine.Option;

/** {@code messages}: the general messages that came to the node. */
@picocli.CommandLine.Command(
    name = "messages",
    description = "Show the messages that came to the node: from whom, how, and the text.",
    footer = {
      "",
      "The node keeps the last 1,000, as long as it runs. With --follow or --count, new ones are",
      "waited for; while the node is away, it is waited for too.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} messages --follow --json"
    })
final class MessagesCommand extends ClientCommand {
  @Option(names = "--follow", description = "Go on with those that come, until stopped.")
  boolean follow;

  @Option(
      names = "--count",
      paramLabel = "K",
      description = "End after K messages, and wait until there are as many.")
  Long count;

  @Override
  void checkUsage() {
    if (count != null && count < 1) {
      throw misuse("--count: at least 1");
    }
  }

  @Override
  int run(Access access) throws IOException {
    if (follow || count != null) {
      follow(access);
    } else {
      list(access);
    }
    return Main.DONE;
  }

  private void list(Access access) throws IOException {
    Message.InboxIs page = await(access.inbox(0, 0));
    if (page.messages().isEmpty() && !json) {
      console.err().println("No message has come since the node was started.");
    }
    while (!page.messages().isEmpty()) {
      for (Message.Received message : page.messages()) {
        console.results().line(MessageLines.line(message, json));
      }
      page = await(access.inbox(page.session(), page.next()));
    }
  }

  private void follow(Access access) throws IOException {
    UntilStopped untilStopped = new UntilStopped(console.results());
    try {
      Arrivals<Message.Received> messages =
          Arrivals.of(
              new MessageWatch(
                  access.line(),
                  new ConnectionWords(console, "waiting for messages"),
                  ForkJoinPool.commonPool()));
      long most = count == null ? Long.MAX_VALUE : count;
      for (long printed = 0; printed < most; printed++) {
        console.results().line(MessageLines.line(messages.next(), json));
        if (messages.isEmpty()) {
          console.results().flush();
        }
      }
      messages.cancel();
    } finally {
      untilStopped.close();
    }
  }
}
