package org.ringslice.node.mdns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Optional;

/** The one address, of those that a name was resolved to, under which a node is dialled. */
final class ResolvedHost {
  private ResolvedHost() {}

  /**
   * An IPv4 address if there is one, for every node can dial that; else an IPv6 address of a wider
   * scope than the link; else one of the link, which means something only together with the
   * interface on which it was heard.
   */
  static Optional<String> of(Inet4Address[] v4, Inet6Address[] v6, String interfaceName) {
    if (v4.length > 0) {
      return Optional.of(v4[0].getHostAddress());
    }
    for (Inet6Address address : v6) {
      if (!address.isLinkLocalAddress()) {
        return Optional.of(withoutScope(address));
      }
    }
    return v6.length == 0
        ? Optional.empty()
        : Optional.of(withoutScope(v6[0]) + "%" + interfaceName);
  }

  private static String withoutScope(Inet6Address address) {
    String text = address.getHostAddress();
    int scopeAt = text.indexOf('%');
    return scopeAt < 0 ? text : text.substring(0, scopeAt);
  }
}
