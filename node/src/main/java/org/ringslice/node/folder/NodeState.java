package org.ringslice.node.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.ringslice.messages.Id;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code node.properties} of a data folder: who the node is from one start to the next.
 * There is a copy of it, for the day on which it is damaged. Without either the node goes on under
 * a new id with the items that it has: it hands on what it is no holder of any more, and others see
 * the old one as dead.
 *
 * @param id its place on the ring, once it has one
 * @param starts the number of this start, greater than that of any before; at least 1 in the file
 * @param network the network that it belongs to, once it belongs to one
 * @param controlPort where it listened last; 0 before it ever did
 * @param bulkPort likewise
 */
record NodeState(
    Optional<Id> id, long starts, Optional<String> network, int controlPort, int bulkPort) {
  static final String FILE = "node.properties";
  private static final String COPY = "node.properties.copy";
  private static final String DAMAGED = "node.properties.damaged";

  private static final Logger LOG = LoggerFactory.getLogger(NodeState.class);

  /** Five short lines; the longest is the network's name of at most 64 bytes. */
  private static final int BYTES_MAX = 4 << 10;

  /**
   * Starts that leave room for {@link DataFolder#INCARNATION_BITS}; as milliseconds since 1970 they
   * last until the year 2248.
   */
  private static final long STARTS_MAX = Long.MAX_VALUE >> DataFolder.INCARNATION_BITS;

  static final NodeState NEW = new NodeState(Optional.empty(), 0, Optional.empty(), 0, 0);

  /** What was written last. A file that is missing was taken away by a person: the node is new. */
  static NodeState read(Path dir) throws IOException {
    try {
      return readFile(dir.resolve(FILE)).orElse(NEW);
    } catch (DamagedException e) {
      return readCopy(dir, e);
    }
  }

  private static NodeState readCopy(Path dir, DamagedException damage) throws IOException {
    Path kept = dir.resolve(DAMAGED);
    Files.copy(
        dir.resolve(FILE),
        kept,
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    try {
      Optional<NodeState> copy = readFile(dir.resolve(COPY));
      if (copy.isPresent()) {
        LOG.warn(
            "The identity of the node in {} was damaged ({}), and is taken from its copy.",
            dir,
            damage.getMessage());
        return copy.get();
      }
    } catch (DamagedException e) {
      damage.addSuppressed(e);
    }
    LOG.error(
        "The identity of the node in {} is damaged ({}), and so is its copy, or there is none: the"
            + " node goes on under a new id with the same items. What was damaged is in {}.",
        dir,
        damage.getMessage(),
        kept);
    return NEW;
  }

  private static Optional<NodeState> readFile(Path file) throws IOException {
    Optional<byte[]> bytes = SmallFile.read(file, BYTES_MAX);
    return bytes.isEmpty() ? Optional.empty() : Optional.of(parse(KeyValues.parse(bytes.get())));
  }

  private static NodeState parse(KeyValues values) throws DamagedException {
    try {
      return new NodeState(
          values.first("id").map(Id::fromHex),
          values.requiredNumber("starts", 1, STARTS_MAX - 1),
          values.first("network"),
          (int) values.requiredNumber("control_port", 0, 65535),
          (int) values.requiredNumber("bulk_port", 0, 65535));
    } catch (IllegalArgumentException e) {
      throw new DamagedException("its id is no id");
    }
  }

  /** Durable on return. */
  void write(Path dir) throws IOException {
    KeyValues values = new KeyValues();
    id.ifPresent(value -> values.add("id", value.toHex()));
    network.ifPresent(value -> values.add("network", value));
    values.add("starts", starts).add("control_port", controlPort).add("bulk_port", bulkPort);
    byte[] bytes = values.toBytes();
    // first, so that it never has fewer starts than others have seen
    SmallFile.replace(dir.resolve(COPY), bytes, SmallFile.Outlives.A_LOSS_OF_POWER);
    SmallFile.replace(dir.resolve(FILE), bytes, SmallFile.Outlives.A_LOSS_OF_POWER);
  }

  /**
   * With the number of the next start: the time, so that a folder that was put back from a copy
   * does not give the number of an undone start again; or one more than the last, when that is
   * greater or the clock is absurd.
   */
  NodeState startedAgain(long nowMillis) {
    long next = nowMillis < STARTS_MAX / 2 ? Math.max(starts + 1, nowMillis) : starts + 1;
    return new NodeState(id, next, network, controlPort, bulkPort);
  }

  NodeState withId(Id newId) {
    return new NodeState(Optional.of(newId), starts, network, controlPort, bulkPort);
  }

  NodeState withNetwork(String newNetwork) {
    return new NodeState(id, starts, Optional.of(newNetwork), controlPort, bulkPort);
  }

  NodeState withPorts(int newControlPort, int newBulkPort) {
    return new NodeState(id, starts, network, newControlPort, newBulkPort);
  }
}
