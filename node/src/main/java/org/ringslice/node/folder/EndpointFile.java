package org.ringslice.node.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;

/**
 * The file {@code endpoint} of a data folder, by which client commands find the node that runs
 * there. It may be stale after a kill, and then the folder's lock is free: only both together tell
 * of a running node. Nothing here loads a logging or any other library; a command waits for it.
 */
final class EndpointFile {
  /** 8 endpoints of 293 bytes, an id, a network's name, and as much again. */
  private static final int BYTES_MAX = 8 << 10;

  private EndpointFile() {}

  static void write(Path dir, Running node) throws IOException {
    KeyValues values = new KeyValues();
    values.add("id", node.id().toHex()).add("network", node.network()).add("pid", node.pid());
    EndpointText.addAll(values, node.endpoints());
    SmallFile.replace(fileIn(dir), values.toBytes(), SmallFile.Outlives.A_KILL);
  }

  static void remove(Path dir) throws IOException {
    Files.deleteIfExists(fileIn(dir));
  }

  /** What the file says, whether its node still runs or not; nothing when it can't be read. */
  static Optional<Running> read(Path dir) {
    try {
      Optional<byte[]> bytes = SmallFile.read(fileIn(dir), BYTES_MAX);
      return bytes.isEmpty() ? Optional.empty() : Optional.of(parse(KeyValues.parse(bytes.get())));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Running parse(KeyValues values) throws DamagedException {
    Id id = Id.fromHex(values.required("id"));
    List<Endpoint> endpoints = EndpointText.all(values);
    long pid = values.requiredNumber("pid", 0, Long.MAX_VALUE);
    return new Running(id, values.required("network"), endpoints, pid);
  }

  /**
   * The lock is asked first: a file that is read after it was seen held is hardly ever a dead
   * node's.
   */
  static Optional<Running> running(Path dir) {
    try {
      return FolderLock.isHeld(dir) ? read(dir) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Path fileIn(Path dir) {
    return dir.resolve("endpoint");
  }
}
