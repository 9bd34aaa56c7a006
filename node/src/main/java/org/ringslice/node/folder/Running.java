package org.ringslice.node.folder;

import java.util.List;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;

/**
 * The node that runs in a data folder.
 *
 * @param endpoints where it listens, at least one
 * @param pid its process
 */
public record Running(Id id, String network, List<Endpoint> endpoints, long pid) {
  public Running {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("a running node that listens nowhere");
    }
  }
}
