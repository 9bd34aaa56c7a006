package org.ringslice.node.mdns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read from a folder like the one in which Linux tells of interfaces. */
class NatureTest {
  @TempDir Path folder;

  private Path made(String name, int index) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    Files.writeString(made.resolve("ifindex"), index + "\n");
    return made;
  }

  private Nature of(String name, int index) {
    return Nature.of(folder, name, index);
  }

  @Test
  void seesTheCardBelowAVlanOnABridge() throws IOException {
    Files.createDirectory(made("eth0", 2).resolve("device"));
    Path bridge = made("br-lan", 3);
    Files.createDirectory(bridge.resolve("lower_eth0"));
    Files.createDirectories(bridge.resolve("brif").resolve("eth0"));
    Files.createDirectory(made("br-lan.5", 4).resolve("lower_br-lan"));

    assertTrue(of("eth0", 2).hardware());
    assertEquals(new Nature(true, false, true, List.of("eth0")), of("br-lan", 3));
    assertTrue(of("br-lan.5", 4).hardware());
    made("dummy0", 5);
    assertEquals(new Nature(true, false, false, List.of()), of("dummy0", 5));
  }

  @Test
  void seesWhatIsPartOfAnother() throws IOException {
    Files.createDirectory(made("veth0", 2).resolve("brport"));
    Files.createDirectory(made("eth0", 3).resolve("bonding_slave"));
    Path team = Files.createDirectory(made("eth1", 4).resolve("master"));
    Files.writeString(team.resolve("flags"), "0x1403\n");
    Path vrf = Files.createDirectory(made("eth2", 5).resolve("master"));
    Files.writeString(vrf.resolve("flags"), "0x14c1\n");

    assertTrue(of("veth0", 2).enslaved());
    assertTrue(of("eth0", 3).enslaved());
    assertTrue(of("eth1", 4).enslaved());
    assertFalse(of("eth2", 5).enslaved(), "a VRF leaves the addresses where they are");
  }

  @Test
  void saysNothingOfWhatIsNotThereOrIsAnother() throws IOException {
    made("eth0", 2);

    assertEquals(Nature.UNTOLD, of("eth0", 7));
    assertEquals(Nature.UNTOLD, of("eth1", 2));
  }
}
