package org.ringslice.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {

  @ParameterizedTest
  @CsvSource({
    "192.168.7.11, 192.168.7.11:40001",
    "node-3.local, node-3.local:40001",
    "::1,          [::1]:40001",
    "fe80::c%eth0, [fe80::c%eth0]:40001",
  })
  void printsHostAndControlPortWithBracketsAroundIpv6(String host, String printed) {
    assertEquals(printed, new Endpoint(host, 40001, 40002).toString());
    assertEquals(printed, Endpoint.hostAndPort(host, 40001));
  }

  @Test
  void eachLaneHasItsPort() {
    Endpoint endpoint = new Endpoint("localhost", 1, 65535);
    assertEquals(1, endpoint.port(Lane.CONTROL));
    assertEquals(65535, endpoint.port(Lane.BULK));
  }

  @Test
  void refusesWhatNobodyCanListenAt() {
    assertThrows(IllegalArgumentException.class, () -> new Endpoint("", 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Endpoint("h", 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Endpoint("h", 1, 65536));
    String longest = "ü".repeat(Limits.HOST_BYTES_MAX / 2);
    assertEquals(longest, new Endpoint(longest, 1, 1).host());
    assertThrows(IllegalArgumentException.class, () -> new Endpoint(longest + "h", 1, 1));
  }

  @Test
  void aZoneIsNotToldAndMakesNoOtherPlace() {
    Endpoint zoned = new Endpoint("fe80::5%eth0", 7400, 7401);
    Endpoint told = new Endpoint("fe80::5", 7400, 7401);
    assertEquals(told, zoned.withoutZone());
    assertEquals(told, told.withoutZone());
    assertTrue(zoned.isSamePlace(told));
    assertTrue(told.isSamePlace(zoned));
    assertFalse(told.isSamePlace(told.at("fe80::6")));
    assertFalse(told.isSamePlace(new Endpoint("fe80::5", 7402, 7401)));
    Endpoint name = new Endpoint("a%b", 7400, 7401);
    assertEquals(name, name.withoutZone(), "only an IPv6 address has one");
  }
}
