package org.ringslice.node.mdns;

import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;

/**
 * What a node says of itself in the TXT record of its service (RFC 6763, section 6). The address is
 * not in it, but in the records of the host. Anybody may announce anything: it leads to a node to
 * be asked, and proves nothing.
 *
 * @param version of the protocol; a node of another one is told of all the same, and answers for
 *     itself
 */
record Announcement(Id id, String network, int controlPort, int bulkPort, int version) {
  private static final String ID = "id";
  private static final String NETWORK = "network";
  private static final String CONTROL_PORT = "control";
  private static final String BULK_PORT = "bulk";
  private static final String VERSION = "version";

  static Announcement of(Id id, String network, Endpoint endpoint) {
    return new Announcement(
        id, network, endpoint.controlPort(), endpoint.bulkPort(), Header.VERSION);
  }

  Map<String, String> toTxt() {
    return Map.of(
        ID, id.toHex(),
        NETWORK, network,
        CONTROL_PORT, Integer.toString(controlPort),
        BULK_PORT, Integer.toString(bulkPort),
        VERSION, Integer.toString(version));
  }

  /**
   * Reads a TXT record; nothing when it is not complete, as it comes first when the record itself
   * is still on its way, or when it breaks a limit.
   *
   * @param txt gives the value of a key, null when there is none
   */
  static Optional<Announcement> read(UnaryOperator<String> txt) {
    String id = txt.apply(ID);
    String network = txt.apply(NETWORK);
    if (id == null || network == null || network.length() > Limits.NETWORK_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      int controlPort = Integer.parseInt(txt.apply(CONTROL_PORT));
      int bulkPort = Integer.parseInt(txt.apply(BULK_PORT));
      int version = Integer.parseInt(txt.apply(VERSION));
      return Optional.of(new Announcement(Id.fromHex(id), network, controlPort, bulkPort, version));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Where the node listens; nothing when a port is none. */
  Optional<Endpoint> at(String host) {
    try {
      return Optional.of(new Endpoint(host, controlPort, bulkPort));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * A name for the service that no other has, also when a node announces itself on two addresses of
   * one LAN: two with one name would be renamed by the rule of RFC 6762, section 9. Short enough
   * for a label (63 bytes).
   */
  String serviceName(byte[] address) {
    return id + "-" + HexFormat.of().formatHex(address) + "-" + controlPort;
  }

  /**
   * A name for the host that is not the machine's, which another responder on it may have
   * announced.
   */
  static String hostName(Endpoint endpoint, byte[] address) {
    return "ringslice-" + HexFormat.of().formatHex(address) + "-" + endpoint.controlPort();
  }
}
