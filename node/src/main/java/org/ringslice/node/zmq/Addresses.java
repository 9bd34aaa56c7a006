package org.ringslice.node.zmq;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Host names and addresses, as far as a transport has to do with them. */
final class Addresses {
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

  private Addresses() {}

  /** No host name has a colon (RFC 1123, 2.1). */
  private static boolean isLiteral(String host) {
    return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
  }

  /**
   * Whether a host can be dialled as it is: an address, with its zone where it needs one. All else
   * is to be {@linkplain #lookUp looked up}.
   */
  static boolean isComplete(String host) {
    return isLiteral(host) && !Zones.isMissing(host);
  }

  /**
   * An address of a host, IPv4 first since not every LAN routes IPv6; that of a link with its zone.
   * May take seconds.
   */
  static String lookUp(String host, int port) throws UnknownHostException {
    if (Zones.isMissing(host)) {
      return Zones.find(host, port);
    }
    InetAddress[] found = InetAddress.getAllByName(host);
    for (InetAddress address : found) {
      if (address instanceof Inet4Address) {
        return address.getHostAddress();
      }
    }
    return found[0].getHostAddress();
  }

  /**
   * An address of this machine to listen on.
   *
   * @throws IOException with a sentence for people, when it is none
   */
  static String ofThisMachine(String host) throws IOException {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IOException(
          "Can't listen on " + host + ": it is no address; this machine has " + all() + ".", e);
    }
    if (!address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && NetworkInterface.getByInetAddress(address) == null) {
      throw new IOException(
          "Can't listen on "
              + host
              + ": it is not an address of this machine, which has "
              + all()
              + ".");
    }
    return address.getHostAddress();
  }

  private static String all() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .map(InetAddress::getHostAddress)
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
