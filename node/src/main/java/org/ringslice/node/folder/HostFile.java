package org.ringslice.node.folder;

import java.util.List;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;

/**
 * What a node leaves for the others on its machine.
 *
 * @param process the node's, by which a file that was left behind is known
 * @param endpoints where the node listens
 */
record HostFile(Id id, String network, ProcessMark process, List<Endpoint> endpoints) {
  static final String SUFFIX = ".node";

  /** 8 endpoints of 293 bytes, an id, a network's name, a process, and as much again. */
  static final int BYTES_MAX = 8 << 10;

  HostFile {
    endpoints = List.copyOf(endpoints);
  }

  /**
   * One for each node: the processes of a machine share its ports, the nodes of a process its pid.
   */
  String name() {
    int port = endpoints.isEmpty() ? 0 : endpoints.get(0).controlPort();
    return process.pid() + "-" + port + "-" + id + SUFFIX;
  }

  byte[] toBytes() {
    KeyValues values = new KeyValues();
    values.add("id", id.toHex()).add("network", network);
    values
        .add("pid", process.pid())
        .add("pid_space", process.space())
        .add("start", process.start());
    EndpointText.addAll(values, endpoints);
    return values.toBytes();
  }

  static HostFile parse(byte[] bytes) throws DamagedException {
    KeyValues values = KeyValues.parse(bytes);
    long pid = values.requiredNumber("pid", 0, Long.MAX_VALUE);
    ProcessMark process =
        new ProcessMark(pid, values.required("pid_space"), values.required("start"));
    try {
      Id id = Id.fromHex(values.required("id"));
      return new HostFile(id, values.required("network"), process, EndpointText.all(values));
    } catch (IllegalArgumentException e) {
      throw new DamagedException("its id is no id");
    }
  }
}
