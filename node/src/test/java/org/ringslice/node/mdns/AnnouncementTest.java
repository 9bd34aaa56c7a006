package org.ringslice.node.mdns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.node.Protocol;

class AnnouncementTest {
  private static final Announcement SAID =
      Announcement.of(Id.MAX, "Büro = 2", new Endpoint("192.168.1.5", 4000, 4001));

  @Test
  void isReadAsItWasWritten() {
    assertEquals(Optional.of(SAID), Announcement.read(SAID.toTxt()::get));
    assertEquals(Optional.of(new Endpoint("h", 4000, 4001)), SAID.at("h"));
  }

  @Test
  void hasTheKeysThatTheProtocolTells() {
    List<String> told = Protocol.table("key").stream().map(row -> row.get(0)).sorted().toList();
    assertEquals(told, SAID.toTxt().keySet().stream().sorted().toList());
    assertEquals("_ringslice._tcp.local.", MdnsDiscovery.SERVICE_TYPE);
  }

  @Test
  void isNothingUntilAllOfItIsThere() {
    for (String key : SAID.toTxt().keySet()) {
      Map<String, String> txt = new HashMap<>(SAID.toTxt());
      txt.remove(key);
      assertEquals(Optional.empty(), Announcement.read(txt::get), key);
    }
  }

  @Property
  void neverFailsOnWhatAStrangerAnnounces(
      @ForAll String id, @ForAll String network, @ForAll String control, @ForAll int bulk) {
    Map<String, String> txt = new HashMap<>(SAID.toTxt());
    txt.put("network", network);
    txt.put("bulk", Integer.toString(bulk));
    Optional<Announcement> read = Announcement.read(txt::get);
    assertEquals(network.length() <= Limits.NETWORK_BYTES_MAX, read.isPresent());
    boolean isPort = bulk >= 1 && bulk <= 65535;
    read.ifPresent(said -> assertEquals(isPort, said.at("127.0.0.1").isPresent()));
    txt.put("control", control);
    txt.put("id", id);
    assertEquals(
        Optional.empty(), Announcement.read(txt::get).flatMap(said -> said.at("")), "no host");
  }

  @Test
  void namesFitALabelForTheLongestAddress() throws Exception {
    byte[] address = InetAddress.getByName("2001:db8::1").getAddress();
    Announcement longest = Announcement.of(Id.MAX, "lab", new Endpoint("h", 65535, 65535));
    assertTrue(longest.serviceName(address).length() <= 63, longest.serviceName(address));
    String host = Announcement.hostName(new Endpoint("::1", 65_535, 65_535), address);
    assertTrue(host.length() <= 63, host);
  }

  @Test
  void aNodeIsDialledAtItsMostReachableAddress() throws Exception {
    Inet4Address[] none4 = {};
    Inet6Address[] none6 = {};
    Inet4Address[] v4 = {(Inet4Address) InetAddress.getByName("192.168.1.5")};
    Inet6Address link = (Inet6Address) InetAddress.getByName("fe80::1%1");
    Inet6Address site = (Inet6Address) InetAddress.getByName("fd00::2");
    assertEquals(
        Optional.of("192.168.1.5"), ResolvedHost.of(v4, new Inet6Address[] {link}, "eth0"));
    assertEquals(
        Optional.of("fd00:0:0:0:0:0:0:2"),
        ResolvedHost.of(none4, new Inet6Address[] {link, site}, "eth0"));
    assertEquals(
        Optional.of("fe80:0:0:0:0:0:0:1%eth0"),
        ResolvedHost.of(none4, new Inet6Address[] {link}, "eth0"));
    assertEquals(Optional.empty(), ResolvedHost.of(none4, none6, "eth0"));
  }
}
