package org.ringslice.messages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

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
  static final Shape<Endpoint> SHAPE =
      new Shape<>() {
        @Override
        void write(Endpoint endpoint, BodyWriter out) throws IOException {
          out.array(3);
          out.text(endpoint.host, Limits.HOST_BYTES_MAX);
          out.number(endpoint.controlPort);
          out.number(endpoint.bulkPort);
        }

        @Override
        Endpoint read(BodyReader in) throws ProtocolException, IOException {
          in.fields(3);
          String host = in.ownText(Limits.HOST_BYTES_MAX);
          if (host.isEmpty()) {
            throw BodyReader.malformed("an endpoint without a host");
          }
          return new Endpoint(host, in.number(1, 65535, "port"), in.number(1, 65535, "port"));
        }
      };

  /** Shared with nobody yet. */
  static final Shape<List<Endpoint>> OWN_LIST =
      Shape.list(SHAPE, Limits.ENDPOINTS_MAX, 4, "endpoints");

  static final Shape<List<Endpoint>> LIST = Shape.shared(OWN_LIST, Sharing::endpoints);

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

  /** The same ports of another host. */
  public Endpoint at(String otherHost) {
    return new Endpoint(otherHost, controlPort, bulkPort);
  }

  /**
   * As others may be told of it: the zone of an IPv6 address of the link is the name of an
   * interface of one machine, and means nothing on another (RFC 4007, section 6).
   */
  public Endpoint withoutZone() {
    int zone = host.indexOf(':') >= 0 ? host.indexOf('%') : -1;
    return zone < 0 ? this : at(host.substring(0, zone));
  }

  /**
   * Whether both lead to one node, as far as can be seen: the bulk port may be unknown and the zone
   * missing.
   */
  public boolean isSamePlace(Endpoint other) {
    return controlPort == other.controlPort && withoutZone().host.equals(other.withoutZone().host);
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
