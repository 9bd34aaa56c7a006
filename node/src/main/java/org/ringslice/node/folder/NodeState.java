package org.ringslice.node.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.ringslice.messages.Id;

/**
 * The file {@code node.properties} of a data folder: who the node is from one start to the next.
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

  /** Five short lines; the longest is the network's name of at most 64 bytes. */
  private static final int BYTES_MAX = 4 << 10;

  /**
   * Starts that leave room for {@link DataFolder#INCARNATION_BITS}; as milliseconds since 1970 they
   * last until the year 2248.
   */
  private static final long STARTS_MAX = Long.MAX_VALUE >> DataFolder.INCARNATION_BITS;

  static final NodeState NEW = new NodeState(Optional.empty(), 0, Optional.empty(), 0, 0);

  static NodeState read(Path dir) throws IOException {
    Optional<byte[]> bytes = SmallFile.read(dir.resolve(FILE), BYTES_MAX);
    return bytes.isEmpty() ? NEW : parse(KeyValues.parse(bytes.get()));
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
    SmallFile.replace(dir.resolve(FILE), values.toBytes(), SmallFile.Outlives.A_LOSS_OF_POWER);
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
