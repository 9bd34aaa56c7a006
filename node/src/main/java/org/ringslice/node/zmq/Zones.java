package org.ringslice.node.zmq;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Through which interface an IPv6 address of the link is reached, when that is not said: others
 * can't know it, for zones are each machine's own (RFC 4007, section 6). Where several interfaces
 * have such addresses all are tried at once, and that by which somebody accepts a connection is
 * taken. May wait.
 */
final class Zones {
  /** For a connection to be accepted: milliseconds on a LAN. A guess. */
  static final long TRY_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);

  /** Interfaces tried; those past it, in the system's order, are not. A guess. */
  static final int ZONES_MAX = 16;

  private static final Pattern LINK_LOCAL = Pattern.compile("fe[89ab][0-9a-f]:[0-9a-f:]*");

  private Zones() {}

  /** Whether a host is an IPv6 address of the link (fe80::/10) without a zone. */
  static boolean isMissing(String host) {
    return LINK_LOCAL.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }

  /** The address with its zone. */
  static String find(String host, int port) throws UnknownHostException {
    try {
      List<Inet6Address> places = new ArrayList<>();
      for (NetworkInterface zone : ofThisMachine()) {
        byte[] bytes = InetAddress.getByName(host).getAddress();
        places.add(Inet6Address.getByAddress(null, bytes, zone));
      }
      return places.size() == 1 ? places.get(0).getHostAddress() : firstOf(places, port);
    } catch (UnknownHostException e) {
      throw e;
    } catch (IOException e) {
      throw unreached(host, e);
    }
  }

  private static List<NetworkInterface> ofThisMachine() throws IOException {
    List<NetworkInterface> zones = new ArrayList<>();
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      boolean has =
          each.inetAddresses().anyMatch(a -> a instanceof Inet6Address && a.isLinkLocalAddress());
      if (has && each.isUp() && !each.isLoopback() && zones.size() < ZONES_MAX) {
        zones.add(each);
      }
    }
    if (zones.isEmpty()) {
      throw new IOException("no interface of this machine has an address of the link");
    }
    return zones;
  }

  private static String firstOf(List<Inet6Address> places, int port) throws IOException {
    try (Selector selector = Selector.open()) {
      try {
        for (Inet6Address place : places) {
          begin(place, port, selector);
        }
        return awaitFirst(selector);
      } finally {
        for (SelectionKey key : selector.keys()) {
          key.channel().close();
        }
      }
    }
  }

  private static void begin(Inet6Address place, int port, Selector selector) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_CONNECT, place);
    try {
      channel.connect(new InetSocketAddress(place, port));
    } catch (IOException e) {
      channel.close(); // not by this interface
    }
  }

  private static String awaitFirst(Selector selector) throws IOException {
    long deadlineNanos = System.nanoTime() + TRY_NANOS_MAX;
    long leftNanos = TRY_NANOS_MAX;
    while (leftNanos > 0 && !selector.keys().isEmpty()) {
      selector.select(TimeUnit.NANOSECONDS.toMillis(leftNanos) + 1);
      for (SelectionKey key : selector.selectedKeys()) {
        if (isConnected((SocketChannel) key.channel())) {
          return ((Inet6Address) key.attachment()).getHostAddress();
        }
      }
      selector.selectedKeys().clear();
      selector.selectNow(); // lets those go that were closed
      leftNanos = deadlineNanos - System.nanoTime();
    }
    throw new IOException("nobody accepts connections there, by any interface");
  }

  private static boolean isConnected(SocketChannel channel) throws IOException {
    try {
      return channel.finishConnect();
    } catch (IOException e) {
      channel.close();
      return false;
    }
  }

  private static UnknownHostException unreached(String host, IOException e) {
    UnknownHostException unreached = new UnknownHostException(host + ": " + e.getMessage());
    unreached.initCause(e);
    return unreached;
  }
}
