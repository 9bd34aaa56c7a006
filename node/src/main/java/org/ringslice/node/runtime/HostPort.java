package org.ringslice.node.runtime;

import org.ringslice.messages.Endpoint;

/**
 * Reads what people write for a node's place: {@code host:port}, with brackets around an IPv6
 * address.
 */
final class HostPort {
  private HostPort() {}

  /**
   * An endpoint to dial on the control lane; its bulk port is unknown until somebody answers.
   *
   * @throws IllegalArgumentException with a sentence for people
   */
  static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, colon);
      int port = Integer.parseInt(text.substring(colon + 1));
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      }
      return new Endpoint(host, port, port);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no place of a node; write HOST:PORT, as in 192.168.1.7:4321", e);
    }
  }
}
