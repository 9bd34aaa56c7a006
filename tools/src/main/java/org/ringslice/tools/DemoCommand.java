package org.ringslice.tools;

import java.io.IOException;
import java.util.Locale;

/** {@code demo}: what Ringslice does, shown on this machine. */
@picocli.CommandLine.Command(
    name = "demo",
    description =
        "Show what Ringslice does: six nodes as six processes find each other, keep a file, lose a"
            + " node, and make its copies good.",
    footer = {
      "",
      "It talks to 127.0.0.1 only, in a network of its own, and deletes all that it made. Exits 0",
      "only if all of it worked.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} demo"
    })
final class DemoCommand extends Command implements Demo.Audience {
  private int steps;

  @Override
  public Integer call() throws IOException {
    Logs.ofClient(verbose);
    long begin = System.nanoTime();
    try (DemoNodes nodes = new DemoNodes()) {
      Thread onSignal = new Thread(nodes::close, "ringslice-demo-end");
      Runtime.getRuntime().addShutdownHook(onSignal);
      new Demo(nodes, this).run();
    }
    if (!json) {
      print("");
      print(String.format(Locale.ROOT, "All of it worked, in %.1f s.", secondsSince(begin)));
    }
    return Main.DONE;
  }

  static double secondsSince(long beginNanos) {
    return (System.nanoTime() - beginNanos) / 1e9;
  }

  private void print(String line) throws IOException {
    console.results().line(line);
    console.results().flush();
  }

  @Override
  public void begins(String step, String what) throws IOException {
    steps++;
    if (!json) {
      if (steps > 1) {
        print("");
      }
      print(steps + ". " + what);
    }
  }

  @Override
  public void sees(String line) throws IOException {
    if (!json) {
      print("   " + line);
    }
  }

  @Override
  public void ends(String step, boolean ok, double seconds) throws IOException {
    if (json) {
      print(new Json().put("step", step).put("ok", ok).put("seconds", seconds).toString());
    }
  }
}
