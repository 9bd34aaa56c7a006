package org.ringslice.messages;

import java.nio.charset.StandardCharsets;

/**
 * Where a node listens on one address: a port for messages and one for payloads, so that a
 * heartbeat never queues behind a gigabyte.
 *
 * @param host an IPv4 address, an IPv6 address without brackets (with its scope where it needs
 *     one), or a name
 * @param controlPort TCP port in [1, 65535]
 * @param bulkPort TCP port in [1, 65535]
 */
public record Endpoint(String host, int controlPort, int bulkPort) {
  public Endpoint {
    int length = host.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > Limits.HOST_BYTES_MAX) {
      throw new IllegalArgumentException("a host name of " + length + " bytes");
    }
    checkPort(controlPort);
    checkPort(bulkPort);
  }

  private static void checkPort(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("no such port: " + port);
    }
  }

  public int port(Lane lane) {
    return lane == Lane.CONTROL ? controlPort : bulkPort;
  }

  /** {@code host:port} of the control lane, which is what people name a node by. */
  @Override
  public String toString() {
    return hostAndPort(host, controlPort);
  }

  /** {@code host:port}, with brackets around an IPv6 address (RFC 3986, 3.2.2). */
  public static String hostAndPort(String host, int port) {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
