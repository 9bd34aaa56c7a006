package org.ringslice.node.mdns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Limits;
import org.ringslice.node.mdns.Interfaces.Found;

class InterfacesTest {
  private static final Found LOOPBACK =
      new Found("lo", address("127.0.0.1"), true, true, false, Nature.UNTOLD);

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(literal, e);
    }
  }

  private static Found up(String name, String literal) {
    return new Found(name, address(literal), true, false, false, Nature.UNTOLD);
  }

  private static List<InetAddress> addresses(String... literals) {
    return Arrays.stream(literals).map(InterfacesTest::address).toList();
  }

  @Test
  void takesPrivateAddressesBeforePublicOnes() {
    List<Found> found = List.of(LOOPBACK, up("eth0", "203.0.113.7"), up("wlan0", "192.168.1.5"));
    assertEquals(addresses("192.168.1.5", "203.0.113.7"), Interfaces.choose(found));
  }

  @Test
  void leavesOutWhatDoesNotLeadToTheLan() {
    List<Found> found = new ArrayList<>(List.of(LOOPBACK));
    for (String name :
        List.of("docker0", "br-0a1b2c3d4e5f", "veth1234", "virbr0", "vboxnet0", "podman0")) {
      found.add(up(name, "172.17.0.1"));
    }
    found.add(new Found("tun0", address("10.8.0.2"), true, false, true, Nature.UNTOLD));
    found.add(new Found("eth1", address("10.0.0.2"), false, false, false, Nature.UNTOLD));
    assertEquals(addresses("127.0.0.1"), Interfaces.choose(found));
    found.add(up("br0", "192.168.1.5"));
    assertEquals(
        addresses("192.168.1.5"), Interfaces.choose(found), "br0 is an administrator's own bridge");
  }

  private static Found bridge(String name, String literal, boolean hardware, String... ports) {
    return new Found(
        name,
        address(literal),
        true,
        false,
        false,
        new Nature(true, false, hardware, List.of(ports)));
  }

  private static Found port(String name, String literal) {
    Nature port = new Nature(true, true, true, List.of());
    return new Found(name, address(literal), true, false, false, port);
  }

  @Test
  void takesABridgeOfTheLanWhateverItIsCalled() {
    for (String name : List.of("br-lan", "br-ex", "br-guest", "docker-lan", "br-0a1b2c3d4e5f")) {
      List<Found> found =
          List.of(
              LOOPBACK,
              port("eth0", "fe80::1"),
              bridge(name, "192.168.1.5", true, "eth0", "veth0a1b2c3"));
      assertEquals(addresses("192.168.1.5"), Interfaces.choose(found), name);
    }
    List<Found> virtual = List.of(LOOPBACK, bridge("br-lan", "192.168.1.5", false, "veth0"));
    assertEquals(addresses("192.168.1.5"), Interfaces.choose(virtual), "in a container");
  }

  @Test
  void leavesOutABridgeOfContainersWhateverItIsCalled() {
    List<Found> found =
        List.of(
            LOOPBACK,
            bridge("docker0", "172.17.0.1", false, "veth0a1b2c3"),
            bridge("br-team", "172.18.0.1", false, "veth0a1b2c3", "veth4d5e6f7"),
            bridge("machines", "192.168.122.1", false, "vnet0", "vnet12"));
    assertEquals(addresses("127.0.0.1"), Interfaces.choose(found));
  }

  @Test
  void takesNoPortOfABridgeEvenWhereThereIsNothingElse() {
    assertEquals(
        addresses("127.0.0.1"), Interfaces.choose(List.of(LOOPBACK, port("eth0", "10.0.0.2"))));
  }

  @Test
  void prefersAGivenAddressThatWasLeftOutToOnesOfTheLinkAlone() {
    for (String lone : List.of("fe80::1", "169.254.3.4")) {
      List<Found> found =
          List.of(up("eth0", lone), up("virbr0", "192.168.1.5"), up("virbr0", "fe80::2"));
      assertEquals(addresses("192.168.1.5", lone), Interfaces.choose(found));
    }
    List<Found> given = List.of(up("eth0", "2001:db8::1"), up("virbr0", "192.168.1.5"));
    assertEquals(addresses("2001:db8::1"), Interfaces.choose(given));
  }

  @Test
  void takesTheEndOfAVirtualCableWhereThereIsNothingElse() {
    Found cable = bridge("veth-lan", "10.0.0.2", false);
    assertEquals(addresses("10.0.0.2"), Interfaces.choose(List.of(LOOPBACK, cable)));
    assertEquals(
        addresses("192.168.1.5"),
        Interfaces.choose(List.of(LOOPBACK, cable, up("eth0", "192.168.1.5"))));
  }

  @Test
  void takesTheLoopbackAddressOnlyWhenThereIsNothingElse() {
    assertEquals(addresses("127.0.0.1"), Interfaces.choose(List.of(LOOPBACK)));
    List<Found> both =
        List.of(new Found("lo", address("::1"), true, true, false, Nature.UNTOLD), LOOPBACK);
    assertEquals(addresses("127.0.0.1"), Interfaces.choose(both));
    assertEquals(List.of(), Interfaces.choose(List.of()));
  }

  @Test
  void takesOneAddressOfVersionSixWhereThereIsNoneOfFour() {
    List<Found> found =
        List.of(
            up("eth0", "fe80::1"),
            up("eth0", "2001:db8::1"),
            up("eth0", "2001:db8::2"),
            up("wlan0", "fe80::2"),
            up("wlan0", "169.254.3.4"),
            up("usb0", "fe80::3"));
    assertEquals(addresses("169.254.3.4", "2001:db8::1", "fe80::3"), Interfaces.choose(found));
  }

  @Test
  void takesNoMoreThanAPeerMayHave() {
    List<Found> found = new ArrayList<>();
    for (int i = 1; i <= Limits.ENDPOINTS_MAX + 1; i++) {
      found.add(up("eth0", "192.168.1." + i));
    }
    assertEquals(Limits.ENDPOINTS_MAX, Interfaces.choose(found).size());
  }

  @Test
  void takesWhatAPersonNamesAsItIs() {
    List<Found> found =
        List.of(
            LOOPBACK,
            up("eth0", "192.168.1.5"),
            up("eth0", "fe80::1"),
            up("docker0", "172.17.0.1"));
    assertEquals(addresses("192.168.1.5"), Interfaces.choose(found, List.of()));
    assertEquals(addresses("172.17.0.1"), Interfaces.choose(found, List.of("172.17.0.1")));
    assertEquals(addresses("172.17.0.1"), Interfaces.choose(found, List.of("docker0")));
    assertEquals(addresses("192.168.1.5"), Interfaces.choose(found, List.of("eth0")));
    assertEquals(addresses("192.168.1.5"), Interfaces.choose(found, List.of("0.0.0.0")));
    assertEquals(addresses("127.0.0.2"), Interfaces.choose(found, List.of("127.0.0.2")));
    List<String> twice = List.of("127.0.0.1", "eth0", "192.168.1.5");
    assertEquals(addresses("127.0.0.1", "192.168.1.5"), Interfaces.choose(found, twice));
  }

  @Test
  void goesOnWithoutWhatIsMissingWhileItRuns() throws Exception {
    List<Found> found = Interfaces.ofThisMachine();
    List<String> bind = List.of("203.0.113.77", "eth77", "fe80::77%eth77", "127.0.0.1");
    assertEquals(addresses("127.0.0.1"), Interfaces.present(found, bind));
    assertTrue(Interfaces.isThere(found, "127.0.0.1"));
    assertTrue(Interfaces.isThere(found, "127.0.0.2"), "all of 127.0.0.0/8 is");
    assertFalse(Interfaces.isThere(found, "203.0.113.77"));
  }

  @Test
  void saysWhatThereIsWhenAPersonNamesWhatIsNot() {
    List<Found> found = List.of(LOOPBACK, up("eth0", "192.168.1.5"));
    for (String wrong :
        List.of("192.168.1.6", "eth1", "999.1.1.1", "fe80::zz", "", "example.com")) {
      String why =
          assertThrows(
                  IllegalArgumentException.class, () -> Interfaces.choose(found, List.of(wrong)))
              .getMessage();
      assertTrue(why.contains("192.168.1.5 (eth0)"), why);
    }
  }

  @Test
  void findsTheLoopbackAddressOfThisMachine() throws Exception {
    List<Found> found = Interfaces.ofThisMachine();
    assertTrue(
        found.stream().anyMatch(each -> each.loopback() && each.address().isLoopbackAddress()));
    assertEquals(addresses("127.0.0.1"), Interfaces.choose(found, List.of("127.0.0.1")));
  }
}
