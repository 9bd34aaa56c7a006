package org.ringslice.tools;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Receipt;
import org.ringslice.node.files.StoredFile;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store}: files, folders, or what comes by stdin. */
@picocli.CommandLine.Command(
    name = "store",
    description =
        "Store files and folders; '-' is what comes by stdin. Tells when all of it is durable.",
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} store photo.jpg letter.pdf holidays/"})
final class StoreCommand extends ClientCommand {
  private static final String STDIN = "-";

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to store.")
  List<String> names = List.of();

  @Option(
      names = "--raw",
      description = "As one item, as it is, whatever it looks like; at most 1 MiB.")
  boolean raw;

  @Override
  int run(Access access) throws IOException {
    int code = Main.DONE;
    for (String name : names) {
      try {
        StoredFile stored = store(name, access);
        print(Argument.printable(name), stored);
        if (stored.faults() > 0) {
          // each was told
          code = Main.COULD_NOT;
        }
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
      return access.files().store(path, meter);
    }
  }

  private StoredFile store(InputStream in, String name, Access access) throws IOException {
    if (raw) {
      return storeRaw(in, name, access);
    }
    try (TransferMeter meter = new TransferMeter(console, Argument.printable(name))) {
      return access.files().store(in, meter);
    }
  }

  private static StoredFile storeRaw(InputStream in, String name, Access access)
      throws IOException {
    byte[] blob = in.readNBytes(Limits.BLOCK_BYTES_MAX + 1);
    if (blob.length > Limits.BLOCK_BYTES_MAX) {
      throw new IOException(name + " is larger than 1 MiB; store it without --raw, as a file");
    }
    Receipt receipt = await(access.store(blob));
    return new StoredFile(
        receipt.id(),
        blob.length,
        1,
        0,
        blob.length,
        receipt.copies(),
        receipt.wanted(),
        receipt.holders());
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
