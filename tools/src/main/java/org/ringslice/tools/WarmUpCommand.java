package org.ringslice.tools;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.node.runtime.Node;
import org.ringslice.node.runtime.NodeConfig;
import org.ringslice.node.runtime.StartException;

/**
 * {@code warm-up}: uses each client command once, against a node of its own on the loopback
 * address, so that the JVM can archive the classes that they and a node load. For the launcher.
 */
@picocli.CommandLine.Command(name = "warm-up", hidden = true, description = "For the launcher.")
final class WarmUpCommand extends Command {
  private static final String WORDS = "warm-up";

  @Override
  public Integer call() throws IOException, StartException {
    Logs.ofNode(false);
    Path folder = Files.createTempDirectory("ringslice-warm-up");
    NodeConfig config = NodeConfig.in(folder).network(WORDS).mdns(false);
    try (Node node = Node.start(config.bind("127.0.0.1"))) {
      String id = Entry.blob(Bytes.wrap(words())).id().toHex();
      String dir = folder.toString();
      for (List<String> each :
          List.of(
              List.of("store", "-"),
              List.of("list"),
              List.of("get", id.substring(0, Prefix.NAME_DIGITS_MIN)),
              List.of("get", id, "-o", folder.resolve("copy").toString()),
              List.of("next-item"),
              List.of("next-peer", node.id().toHex()),
              List.of("peers"),
              List.of("explain", id),
              List.of("status"),
              List.of("status", "--json"),
              List.of("size"),
              List.of("ring"),
              List.of("table"),
              List.of("id"),
              List.of("id", "--json"))) {
        String[] args =
            Stream.concat(each.stream(), Stream.of("--dir", dir)).toArray(String[]::new);
        Main.run(silent(), args);
      }
    } finally {
      delete(folder);
    }
    return Main.DONE;
  }

  private static byte[] words() {
    return WORDS.getBytes(StandardCharsets.UTF_8);
  }

  private Console silent() {
    OutputStream nowhere = OutputStream.nullOutputStream();
    return new Console(
        new ByteArrayInputStream(words()),
        new Results(nowhere),
        new PrintStream(nowhere, false, StandardCharsets.UTF_8),
        Map.of(),
        false,
        false);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
