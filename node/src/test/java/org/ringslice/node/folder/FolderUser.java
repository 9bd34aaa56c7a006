package org.ringslice.node.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;

/**
 * The programs that {@link ChildJvm} runs: {@code hold DIR}, {@code ask DIR} and {@code meet DIR}.
 */
final class FolderUser {
  static final Endpoint ENDPOINT = new Endpoint("127.0.0.1", 4711, 4712);
  static final Id ID = Id.ZERO.next();

  private FolderUser() {}

  public static void main(String[] arguments) throws IOException {
    Path dir = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "hold" -> hold(dir);
      case "ask" -> ask(dir);
      case "meet" -> meet(dir);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** Opens the folder, says so or why not, and keeps it. */
  private static void hold(Path dir) throws IOException {
    try (DataFolder folder = DataFolder.open(dir)) {
      folder.announce(ID, "lab", List.of(ENDPOINT));
      System.out.println("open " + folder.incarnation());
      waitForTheEndOfInput();
    } catch (FolderException e) {
      System.out.println(e.getMessage());
    }
  }

  private static void ask(Path dir) {
    long from = System.nanoTime();
    String answer = DataFolder.running(dir).map(node -> node.endpoints().toString()).orElse("none");
    long tookMicros = (System.nanoTime() - from) / 1000;
    System.out.println("answer " + answer);
    System.out.println("micros " + tookMicros);
  }

  private static void meet(Path dir) throws IOException {
    HostFiles files = HostFiles.start(dir, ID, "lab", List.of(ENDPOINT), event -> {});
    System.out.println("meeting");
    waitForTheEndOfInput();
    files.close();
  }

  private static void waitForTheEndOfInput() throws IOException {
    while (System.in.read() >= 0) {
      // nothing is said to it
    }
  }
}
