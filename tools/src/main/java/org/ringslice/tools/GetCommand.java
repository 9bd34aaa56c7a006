package org.ringslice.tools;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.node.files.FileName;
import org.ringslice.node.files.Progress;
import org.ringslice.node.files.SharedFiles;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Access;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code get}: an item, file or folder. */
@picocli.CommandLine.Command(
    name = "get",
    description = "Fetch an item, file or folder, every byte verified, to stdout or a path.",
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} get 3f2a81c0 -o photo.jpg"})
final class GetCommand extends ClientCommand {
  @Parameters(
      arity = "1",
      paramLabel = "ID",
      description = "Its id, or the first 8 or more digits when no other item begins so.")
  Prefix name;

  @Option(
      names = "-o",
      paramLabel = "PATH",
      description =
          "Where to; all of it comes there in the end, or nothing. A file that is there is replaced."
              + " A folder needs this, and a path where nothing is yet, or an empty folder."
              + " '-' is stdout, also for what is no text when that is a terminal.")
  Path target;

  /** Whether stdout was asked for, so that it gets what comes even where a person looks at it. */
  private boolean anything;

  @Option(
      names = "--mask",
      paramLabel = "N",
      description = "Ask the N-th of its places first, 0 being the regular one.")
  int mask;

  @Override
  int run(Access access) throws IOException {
    checkTarget();
    Id id = ItemName.resolve(name, access);
    try {
      fetch(id, access);
    } catch (RefusedException e) {
      throw NearMiss.insteadOf(e, () -> NearMiss.ofItem(name, access));
    }
    return Main.DONE;
  }

  private void fetch(Id id, Access access) throws IOException {
    SharedFiles files = new SharedFiles(masked(access.line()));
    if (target == null) {
      toStdout(files, id);
    } else if (isDevice(target)) {
      print(id, toDevice(files, id), access);
    } else {
      print(id, toTarget(files, id), access);
    }
  }

  /** What is there and takes bytes, but is neither a file nor a folder, is not to be replaced. */
  private static boolean isDevice(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
  }

  private long toDevice(SharedFiles files, Id id) throws IOException {
    try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.WRITE);
        TransferMeter meter = new TransferMeter(console, FileName.printable(target))) {
      return files.fetch(id, out, meter);
    }
  }

  private void toStdout(SharedFiles files, Id id) throws IOException {
    OutputStream out = console.results().bytes();
    if (console.outIsTerminal()) {
      // a meter would be drawn amid the text
      files.fetch(id, anything ? out : new TextOnly(out), Progress.NONE);
      return;
    }
    try (TransferMeter meter = new TransferMeter(console, id.toString())) {
      files.fetch(id, out, meter);
    }
  }

  private long toTarget(SharedFiles files, Id id) throws IOException {
    Interruption interruption = Interruption.ofThisThread();
    try (TransferMeter meter = new TransferMeter(console, FileName.printable(target))) {
      return files.fetch(id, target, meter);
    } finally {
      interruption.end();
    }
  }

  @Override
  void checkUsage() {
    ItemName.check(name, this);
    if (target != null && target.toString().isEmpty()) {
      throw misuse("-o: name a path");
    }
    if (target != null && target.toString().equals("-")) {
      anything = true;
      target = null;
    }
    if (mask < 0 || mask >= 1 << Limits.MASK_BITS_MAX) {
      throw misuse("--mask: 0 to " + ((1 << Limits.MASK_BITS_MAX) - 1));
    }
    if (json && target == null) {
      throw misuse("--json needs -o PATH, for without it the item itself goes to stdout");
    }
  }

  private void checkTarget() {
    Path folder = target == null ? null : target.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new CommandException("there is no folder " + folder);
    }
  }

  private Line masked(Line line) {
    return request ->
        line.ask(
            request instanceof Message.GetItem get ? new Message.GetItem(get.id(), mask) : request);
  }

  private void print(Id id, long sizeBytes, Access access) throws IOException {
    if (json) {
      Message.HaveItems question = new Message.HaveItems(List.of(id), Message.Scope.RING);
      Message.HaveThese answer = (Message.HaveThese) await(access.line().ask(question));
      console
          .results()
          .line(
              new Json()
                  .put("id", id)
                  .put("size", sizeBytes)
                  .putIds("holders", answer.receipts().get(0).holders()));
    } else {
      console
          .results()
          .line(id.toHex() + "  " + Sizes.column(sizeBytes) + "  " + FileName.printable(target));
    }
  }
}
