package org.ringslice.tools;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ringslice.messages.Limits;
import org.ringslice.node.files.CopyDemand;
import org.ringslice.node.files.StoredFile;
import org.ringslice.node.files.TooFewCopiesException;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store}: files, folders, or what comes by stdin. */
@picocli.CommandLine.Command(
    name = "store",
    description =
        "Store files and folders; '-' is what comes by stdin. Tells when all of it is durable.",
    footer = {
      "",
      "A store is acknowledged when it is durable on each holder that answers, or, after 1 s without",
      "one of them, on a majority. What has several parts has as many copies as the part with the",
      "fewest. Fewer than half of those wanted are warned of; --min-copies N makes that a failure.",
      "What was stored with too few copies stays, and storing it again sends nothing twice.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} store --min-copies 2 photo.jpg letter.pdf holidays/"
    })
final class StoreCommand extends ClientCommand {
  private static final String STDIN = "-";

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to store.")
  List<String> names = List.of();

  @Option(
      names = "--raw",
      description = "As one item, as it is, whatever it looks like; at most 1 MiB.")
  boolean raw;

  @Mixin MinCopies minCopies = new MinCopies();

  private CopyDemand demand;
  private final FewCopies few = new FewCopies();

  @Override
  void checkUsage() {
    minCopies.read(this);
    demand = minCopies.demand();
  }

  @Override
  int run(Access access) throws IOException {
    try {
      return storeAll(access);
    } finally {
      if (!minCopies.isGiven()) {
        few.warning().ifPresent(console::complain);
      }
    }
  }

  private int storeAll(Access access) throws IOException {
    int code = Main.DONE;
    for (String name : names) {
      try {
        StoredFile stored = store(name, access);
        print(Argument.printable(name), stored);
        few.note(called(name), stored);
        if (stored.faults() > 0) {
          // each was told
          code = Main.COULD_NOT;
        }
      } catch (TooFewCopiesException e) {
        print(name, e.stored());
        console.complain(called(name) + " is " + e.getMessage());
        // the next ones would wait for the same nodes as long again
        demand = demand.atOnce();
        code = Main.COULD_NOT;
      } catch (ReaderGoneException e) {
        throw e;
      } catch (IOException e) {
        // the others may still be stored; what the ring refuses, it would refuse for them too
        console.complain(Main.trouble(e));
        code = Main.COULD_NOT;
      }
    }
    return code;
  }

  private static String called(String name) {
    return name.equals(STDIN) ? "stdin" : Argument.printable(name);
  }

  private StoredFile store(String name, Access access) throws IOException {
    if (name.equals(STDIN)) {
      return store(console.in(), "stdin", access);
    }
    Path path = Argument.path(name);
    if (raw && Files.isDirectory(path)) {
      throw new IOException(name + " is a folder, and no single item; store it without --raw");
    }
    if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
      // a pipe or a device: its size is not known, and it takes a stream that does not seek
      try (InputStream in = new BufferedInputStream(new FileInputStream(name))) {
        return store(in, name, access);
      }
    }
    if (raw) {
      try (InputStream in = Files.newInputStream(path)) {
        return store(in, name, access);
      }
    }
    try (TransferMeter meter = new TransferMeter(console, Argument.printable(name))) {
      if (Files.isDirectory(path)) {
        meter.expect(path);
      }
      return access.files().store(path, meter, demand);
    }
  }

  private StoredFile store(InputStream in, String name, Access access) throws IOException {
    if (raw) {
      return storeRaw(in, name, access);
    }
    try (TransferMeter meter = new TransferMeter(console, Argument.printable(name))) {
      return access.files().store(in, meter, demand);
    }
  }

  private StoredFile storeRaw(InputStream in, String name, Access access) throws IOException {
    byte[] blob = in.readNBytes(Limits.BLOCK_BYTES_MAX + 1);
    if (blob.length > Limits.BLOCK_BYTES_MAX) {
      throw new IOException(name + " is larger than 1 MiB; store it without --raw, as a file");
    }
    return StoredFile.of(await(access.store(blob, demand)), blob.length);
  }

  private void print(String name, StoredFile stored) throws IOException {
    if (json) {
      console
          .results()
          .line(
              new Json()
                  .put("id", stored.id())
                  .put("size", stored.sizeBytes())
                  .put("name", name)
                  .put("copies", stored.copies())
                  .put("wanted", stored.wanted())
                  .putIds("holders", stored.holders())
                  .put("files", stored.files())
                  .put("sent", stored.sentBytes()));
    } else {
      console
          .results()
          .line(
              stored.id().toHex()
                  + "  "
                  + Sizes.column(stored.sizeBytes())
                  + "  "
                  + stored.copies()
                  + " of "
                  + stored.wanted()
                  + " copies  "
                  + name);
    }
    console.results().flush();
  }
}
