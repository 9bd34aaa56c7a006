package org.ringslice.node.mdns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ringslice.messages.Limits;

/**
 * The choice of the addresses that a node listens on and announces. A wrong one fails in silence: a
 * node that announces the bridge of a container engine is found by nobody, so those are left out,
 * and what a person names is taken as it is or refused with the list of what there is. What an
 * interface is counts before how it is called: the LAN's own bridge may be called br-lan. Pure but
 * for {@link #ofThisMachine}.
 */
public final class Interfaces {
  /**
   * What leads to containers and virtual machines, as their engines call it; Docker's own bridges
   * have the first 12 digits of the id of a network. Ends of virtual cables are {@link #CABLE}.
   */
  private static final Pattern ENGINES =
      Pattern.compile(
          "(docker|virbr|podman|cni|flannel|cali|lxcbr|lxdbr|vboxnet|vmnet).*|br-[0-9a-f]{12}");

  private static final Pattern CABLE = Pattern.compile("veth.*");

  /** The ports that Docker and libvirt give a bridge, whatever a person has called that. */
  private static final Pattern ENGINES_PORT = Pattern.compile("veth[0-9a-f]{7}|vnet[0-9]+");

  /**
   * One address of one interface.
   *
   * @param pointToPoint a tunnel: no multicast goes through it, and the LAN does not lie behind it
   */
  public record Found(
      String name,
      InetAddress address,
      boolean up,
      boolean loopback,
      boolean pointToPoint,
      Nature nature) {}

  private Interfaces() {}

  /** Every address of this machine, in the system's order. */
  public static List<Found> ofThisMachine() throws SocketException {
    List<Found> found = new ArrayList<>();
    for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      Nature nature = Nature.of(each.getName(), each.getIndex());
      for (InetAddress address : Collections.list(each.getInetAddresses())) {
        found.add(
            new Found(
                each.getName(),
                address,
                each.isUp(),
                each.isLoopback(),
                each.isPointToPoint(),
                nature));
      }
    }
    return found;
  }

  /**
   * The addresses for a node that was told nothing: of each interface that is up and belongs to a
   * LAN all IPv4 addresses, or one of IPv6 where it has none; private ones first; at most {@link
   * Limits#ENDPOINTS_MAX}. Where those are of the link alone, which every interface has by itself,
   * IPv4 addresses that were left out come before them, for somebody has given them. Then those of
   * virtual cables; the loopback address when there is nothing else, and nothing when there is not
   * even that.
   */
  public static List<InetAddress> choose(List<Found> found) {
    List<Found> reached = found.stream().filter(Interfaces::isReached).toList();
    List<InetAddress> chosen = best(reached, Interfaces::isOnLan);
    if (!chosen.isEmpty() && chosen.stream().allMatch(InetAddress::isLinkLocalAddress)) {
      chosen = best(reached, each -> isOnLan(each) || isGivenV4(each));
    }
    if (chosen.isEmpty()) {
      chosen = best(reached, each -> isCable(each) && each.nature().told());
    }
    return chosen.isEmpty() ? loopback(found) : chosen;
  }

  private static List<InetAddress> best(List<Found> found, Predicate<Found> usable) {
    Set<String> served = new LinkedHashSet<>();
    List<InetAddress> chosen = new ArrayList<>();
    for (Found each : found.stream().filter(usable).sorted(BY_RANK).toList()) {
      // ranks are sorted: the IPv4 addresses of an interface come before its IPv6 ones
      boolean first = served.add(each.name());
      if (chosen.size() < Limits.ENDPOINTS_MAX && (first || isV4(each))) {
        chosen.add(each.address());
      }
    }
    return chosen;
  }

  /**
   * The addresses that a person named, each an address of this machine, the name of an interface,
   * which stands for the addresses that would be chosen of it, or 0.0.0.0 or ::, which stands for
   * {@link #choose(List)}. None named means the same.
   *
   * @throws IllegalArgumentException when one is not of this machine; the message is for people
   */
  public static List<InetAddress> choose(List<Found> found, List<String> bind) {
    if (bind.isEmpty()) {
      return choose(found);
    }
    Set<InetAddress> chosen = new LinkedHashSet<>();
    for (String named : bind) {
      List<InetAddress> addresses = named(found, named);
      if (addresses.isEmpty()) {
        throw notOurs(named, found);
      }
      chosen.addAll(addresses);
    }
    if (chosen.size() > Limits.ENDPOINTS_MAX) {
      throw new IllegalArgumentException(
          "A node listens on at most "
              + Limits.ENDPOINTS_MAX
              + " addresses: name fewer with --bind.");
    }
    return List.copyOf(chosen);
  }

  /**
   * What {@link #choose(List, List)} would choose without what is missing, and without what is too
   * much: for a node that runs while interfaces come and go.
   */
  public static List<InetAddress> present(List<Found> found, List<String> bind) {
    if (bind.isEmpty()) {
      return choose(found);
    }
    return bind.stream()
        .flatMap(named -> named(found, named).stream())
        .distinct()
        .limit(Limits.ENDPOINTS_MAX)
        .toList();
  }

  /** Whether an address, with its zone if it has one, is on an interface that is up. */
  public static boolean isThere(List<Found> found, String host) {
    return host.startsWith("127.")
        || found.stream()
            .anyMatch(each -> each.up() && each.address().getHostAddress().equals(host));
  }

  /** Empty when there is no such address or interface. */
  private static List<InetAddress> named(List<Found> found, String named) {
    List<InetAddress> ofInterface =
        found.stream()
            .filter(each -> each.name().equals(named))
            .sorted(BY_RANK)
            .map(Found::address)
            .toList();
    if (!ofInterface.isEmpty()) {
      return ofInterface.get(0) instanceof Inet4Address
          ? ofInterface.stream().filter(Inet4Address.class::isInstance).toList()
          : ofInterface.subList(0, 1);
    }
    InetAddress address = parse(named);
    if (address == null) {
      return List.of();
    }
    if (address.isAnyLocalAddress()) {
      return choose(found);
    }
    // all of 127.0.0.0/8 is the machine's, though only one of it is listed
    return found.stream()
        .map(Found::address)
        .filter(address::equals)
        .findFirst()
        .or(() -> Stream.of(address).filter(InetAddress::isLoopbackAddress).findFirst())
        .map(List::of)
        .orElse(List.of());
  }

  /** The address that is written; null when it is none, or its zone is not there. */
  private static InetAddress parse(String named) {
    try {
      return isLiteral(named) ? InetAddress.getByName(named) : null;
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static IllegalArgumentException notOurs(String named, List<Found> found) {
    List<String> there =
        found.stream()
            .map(each -> each.address().getHostAddress() + " (" + each.name() + ")")
            .toList();
    return new IllegalArgumentException(
        named
            + " is no address or interface of this machine; it has "
            + String.join(", ", there)
            + ".");
  }

  /** Whether a host is written as an address, so that no name server is asked for it. */
  static boolean isLiteral(String host) {
    return host.indexOf(':') >= 0 || host.matches("[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+");
  }

  /** Whether others may get to it at all. */
  private static boolean isReached(Found found) {
    return found.up()
        && !found.loopback()
        && !found.address().isLoopbackAddress()
        && !found.pointToPoint()
        && !found.nature().enslaved();
  }

  private static boolean isOnLan(Found found) {
    return found.nature().hardware() || !(isCable(found) || isOfEngine(found));
  }

  private static boolean isCable(Found found) {
    return CABLE.matcher(found.name()).matches();
  }

  private static boolean isOfEngine(Found found) {
    List<String> ports = found.nature().ports();
    return ENGINES.matcher(found.name()).matches()
        || (!ports.isEmpty()
            && ports.stream().allMatch(port -> ENGINES_PORT.matcher(port).matches()));
  }

  private static boolean isGivenV4(Found found) {
    return isV4(found) && !found.address().isLinkLocalAddress();
  }

  private static List<InetAddress> loopback(List<Found> found) {
    return found.stream()
        .filter(each -> each.up() && each.address().isLoopbackAddress())
        .sorted(BY_RANK)
        .map(Found::address)
        .limit(1)
        .toList();
  }

  /**
   * Private IPv4, then public, then self-assigned (RFC 3927), then IPv6 of the site, then of the
   * link.
   */
  private static final Comparator<Found> BY_RANK = Comparator.comparingInt(Interfaces::rank);

  private static int rank(Found found) {
    InetAddress address = found.address();
    if (isV4(found)) {
      return address.isLinkLocalAddress() ? 2 : address.isSiteLocalAddress() ? 0 : 1;
    }
    return address instanceof Inet6Address && address.isLinkLocalAddress() ? 4 : 3;
  }

  private static boolean isV4(Found found) {
    return found.address() instanceof Inet4Address;
  }
}
