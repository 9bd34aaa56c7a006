package org.ringslice.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
}
