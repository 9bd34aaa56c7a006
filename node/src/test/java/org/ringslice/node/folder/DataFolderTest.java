package org.ringslice.node.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.ForeignArc;

class DataFolderTest {
  private static final Endpoint HERE = new Endpoint("127.0.0.1", 4000, 4001);

  @TempDir Path parent;

  private Path dir() {
    return parent.resolve("a").resolve("node");
  }

  @Test
  void hasNoIdBeforeItIsGivenOne() throws Exception {
    try (DataFolder folder = DataFolder.open(dir())) {
      assertEquals(Optional.empty(), folder.id());
      assertEquals(Optional.empty(), folder.network());
      assertEquals(0, folder.controlPort());
      assertEquals(0, folder.bulkPort());
      assertEquals(List.of(), folder.rememberedPeers());
    }
  }

  @Test
  void keepsWhatItWasTold() throws Exception {
    Id id = Id.fromHex("3f2a81c0".repeat(8));
    try (DataFolder folder = DataFolder.open(dir())) {
      folder.setId(id);
      folder.setNetwork("Labor für = Größe");
      folder.setPorts(4000, 4001);
    }
    try (DataFolder folder = DataFolder.open(dir())) {
      assertEquals(Optional.of(id), folder.id());
      assertEquals(Optional.of("Labor für = Größe"), folder.network());
      assertEquals(4000, folder.controlPort());
      assertEquals(4001, folder.bulkPort());
    }
  }

  @Test
  void growsItsIncarnationAtEachStart() throws Exception {
    long last = 0;
    for (int start = 1; start <= 3; start++) {
      try (DataFolder folder = DataFolder.open(dir())) {
        assertTrue(folder.incarnation() > last);
        last = folder.incarnation();
        assertEquals(0, last & ((1L << 20) - 1));
      }
    }
  }

  @Test
  void givesNoIncarnationOfAnUndoneStartAgainWhenTheFolderWasPutBack() throws Exception {
    DataFolder.open(dir()).close();
    byte[] backup = Files.readAllBytes(dir().resolve(NodeState.FILE));
    long undone;
    try (DataFolder folder = DataFolder.open(dir())) {
      undone = folder.incarnation();
    }
    Files.write(dir().resolve(NodeState.FILE), backup);
    long before = System.currentTimeMillis();
    while (System.currentTimeMillis() == before) {
      Thread.onSpinWait(); // nobody puts a folder back within a millisecond
    }
    try (DataFolder folder = DataFolder.open(dir())) {
      assertTrue(folder.incarnation() > undone);
    }
  }

  @Test
  void numbersItsStartsAlsoWhenTheClockIsOff() {
    long last = NodeState.NEW.startedAgain(5_000).starts();
    assertEquals(5_000, last);
    assertEquals(5_001, NodeState.NEW.startedAgain(5_000).startedAgain(17).starts());
    assertEquals(1, NodeState.NEW.startedAgain(Long.MAX_VALUE).starts());
    assertEquals(1, NodeState.NEW.startedAgain(-3).starts());
  }

  @Test
  void growsItsIncarnationAlsoWhenItIsKilled() throws Exception {
    long first;
    try (ChildJvm child = ChildJvm.start(FolderUser.class, List.of(), "hold", dir())) {
      first = Long.parseLong(child.line().substring("open ".length()));
      child.kill();
    }
    try (DataFolder folder = DataFolder.open(dir())) {
      assertTrue(folder.incarnation() > first);
    }
  }

  @Test
  void isNotOpenedTwiceInOneProcess() throws Exception {
    try (DataFolder folder = DataFolder.open(dir())) {
      folder.announce(Id.ZERO, "lab", List.of(HERE));
      Path link = Files.createSymbolicLink(parent.resolve("link"), dir());
      for (Path path : List.of(dir(), link)) {
        String why = assertThrows(FolderException.class, () -> DataFolder.open(path)).getMessage();
        assertTrue(why.contains("in use"), why);
        assertTrue(why.contains("process " + ProcessHandle.current().pid()), why);
        assertTrue(why.contains("127.0.0.1:4000"), why);
      }
    }
    DataFolder.open(dir()).close();
  }

  @Test
  void saysWhichProcessHasIt() throws Exception {
    try (ChildJvm child = ChildJvm.start(FolderUser.class, List.of(), "hold", dir())) {
      assertTrue(child.line().startsWith("open"));
      String why = assertThrows(FolderException.class, () -> DataFolder.open(dir())).getMessage();
      assertTrue(why.contains("process " + child.pid()), why);
      assertTrue(why.contains(FolderUser.ENDPOINT.toString()), why);
    }
  }

  @Test
  void staysLockedForOthersWhenItsOwnProcessAsksWhoRunsThere() throws Exception {
    try (DataFolder folder = DataFolder.open(dir())) {
      folder.announce(Id.ZERO, "lab", List.of(HERE));
      assertTrue(DataFolder.running(dir()).isPresent());
      assertThrows(FolderException.class, () -> DataFolder.open(dir()));
      try (ChildJvm child = ChildJvm.start(FolderUser.class, List.of(), "hold", dir())) {
        String said = child.line();
        assertTrue(said.contains("in use"), said);
      }
    }
  }

  @Test
  void isFreeAfterAKillAndSaysThatNobodyRuns() throws Exception {
    try (ChildJvm child = ChildJvm.start(FolderUser.class, List.of(), "hold", dir())) {
      assertTrue(child.line().startsWith("open"));
      Running expected =
          new Running(FolderUser.ID, "lab", List.of(FolderUser.ENDPOINT), child.pid());
      assertEquals(Optional.of(expected), DataFolder.running(dir()));
      child.kill();
    }
    assertTrue(Files.exists(dir().resolve("endpoint")), "a kill leaves the file behind");
    assertEquals(Optional.empty(), DataFolder.running(dir()));
    try (DataFolder folder = DataFolder.open(dir())) {
      assertEquals(Optional.empty(), DataFolder.running(dir()), "it has not announced itself yet");
      folder.announce(Id.MAX, "lab", List.of(HERE));
      assertEquals(Id.MAX, DataFolder.running(dir()).orElseThrow().id());
    }
    assertFalse(Files.exists(dir().resolve("endpoint")));
    assertEquals(Optional.empty(), DataFolder.running(dir()));
  }

  @Test
  void nobodyRunsInAFolderThatIsNotThere() {
    assertEquals(Optional.empty(), DataFolder.running(dir()));
    assertFalse(Files.exists(dir()), "asking makes nothing");
  }

  @Test
  void aCommandThatAsksLoadsNoLibrary() throws Exception {
    try (ChildJvm node = ChildJvm.start(FolderUser.class, List.of(), "hold", dir())) {
      assertTrue(node.line().startsWith("open"));
      List<String> options = List.of("-Xlog:class+load:stdout");
      try (ChildJvm asker = ChildJvm.start(FolderUser.class, options, "ask", dir())) {
        List<String> said = asker.lines();
        assertTrue(said.contains("answer [" + FolderUser.ENDPOINT + "]"));
        assertTrue(said.stream().anyMatch(line -> line.contains("org.ringslice.node.folder.")));
        List<String> foreign =
            said.stream()
                .filter(line -> line.contains("source: ") && line.contains("load"))
                .filter(
                    line ->
                        line.matches(".* (org\\.(?!ringslice)|com\\.google|ch\\.|javax\\.jmdns).*"))
                .toList();
        assertEquals(List.of(), foreign);
      }
    }
  }

  @Test
  void takesADamagedIdentityFromItsCopyWhicheverByteIsHit() throws Exception {
    long incarnation;
    try (DataFolder folder = DataFolder.open(dir())) {
      folder.setId(Id.MAX);
      folder.setNetwork("lab");
      incarnation = folder.incarnation();
    }
    Path file = dir().resolve("node.properties");
    List<byte[]> damages = new ArrayList<>(List.of(new byte[0], new byte[64], new byte[1 << 20]));
    byte[] sound = Files.readAllBytes(file);
    for (int i = 0; i < sound.length; i += 5) {
      byte[] damaged = sound.clone();
      damaged[i] ^= 1;
      damages.add(damaged);
    }
    for (byte[] damaged : damages) {
      Files.write(file, damaged);
      try (DataFolder folder = DataFolder.open(dir())) {
        assertEquals(Optional.of(Id.MAX), folder.id());
        assertEquals(Optional.of("lab"), folder.network());
        assertTrue(folder.incarnation() > incarnation, "no incarnation comes twice");
        incarnation = folder.incarnation();
      }
    }
  }

  @Test
  void goesOnUnderANewIdWhenItsIdentityAndTheCopyAreDamaged() throws Exception {
    DataFolder.open(dir()).close();
    byte[] nonsense = "nonsense".getBytes(StandardCharsets.UTF_8);
    Files.write(dir().resolve("node.properties"), nonsense);
    Files.write(dir().resolve("node.properties.copy"), new byte[0]);
    try (DataFolder folder = DataFolder.open(dir())) {
      assertEquals(Optional.empty(), folder.id());
      folder.setId(Id.ZERO);
    }
    assertArrayEquals(nonsense, Files.readAllBytes(dir().resolve("node.properties.damaged")));
    try (DataFolder folder = DataFolder.open(dir())) {
      assertEquals(Optional.of(Id.ZERO), folder.id());
    }
  }

  @Test
  void anIdentityThatAPersonTookAwayDoesNotComeBack() throws Exception {
    try (DataFolder folder = DataFolder.open(dir())) {
      folder.setId(Id.MAX);
    }
    Files.delete(dir().resolve("node.properties"));
    try (DataFolder folder = DataFolder.open(dir())) {
      assertEquals(Optional.empty(), folder.id());
    }
  }

  @Test
  void anIdentityThatIsWellWrittenAndMakesNoSenseIsDamaged() throws Exception {
    for (String starts : List.of("0", "-1", "x", Long.toString(Long.MAX_VALUE))) {
      try (DataFolder folder = DataFolder.open(dir())) {
        folder.setId(Id.MAX);
      }
      KeyValues values =
          new KeyValues().add("starts", starts).add("control_port", 0).add("bulk_port", 0);
      Files.write(dir().resolve("node.properties"), values.toBytes());
      try (DataFolder folder = DataFolder.open(dir())) {
        assertEquals(Optional.of(Id.MAX), folder.id(), starts);
      }
    }
  }

  @Test
  void remembersPeersInTheirOrder() throws Exception {
    List<Peer> peers = new ArrayList<>();
    peers.add(
        new Peer(
            Id.MAX,
            Limits.INCARNATION_MAX,
            PeerState.ACTIVE,
            List.of(HERE, new Endpoint("fe80::1%eth0", 1, 65535))));
    peers.add(new Peer(Id.ZERO, 0, PeerState.LEFT, List.of()));
    try (DataFolder folder = DataFolder.open(dir())) {
      folder.remember(peers);
      assertEquals(peers, folder.rememberedPeers());
    }
    try (DataFolder folder = DataFolder.open(dir())) {
      assertEquals(peers, folder.rememberedPeers());
      folder.remember(List.of());
      assertEquals(List.of(), folder.rememberedPeers());
    }
  }

  @Test
  void remembersNoMorePeersThanItsLimitEachWithItsLongestHosts() throws Exception {
    List<Endpoint> longest = new ArrayList<>();
    for (int i = 0; i < Limits.ENDPOINTS_MAX; i++) {
      longest.add(new Endpoint("h".repeat(Limits.HOST_BYTES_MAX), 65535, 65535 - i));
    }
    List<Peer> peers = new ArrayList<>();
    Id id = Id.ZERO;
    for (int i = 0; i < PeersFile.PEERS_MAX + 1; i++) {
      id = id.next();
      peers.add(new Peer(id, Limits.INCARNATION_MAX, PeerState.SUSPECTED, longest));
    }
    try (DataFolder folder = DataFolder.open(dir())) {
      folder.remember(peers);
      assertEquals(peers.subList(0, PeersFile.PEERS_MAX), folder.rememberedPeers());
    }
  }

  @Test
  void leavesOutHostsThatWouldForgeLines() throws Exception {
    Endpoint forged = new Endpoint("x 1 1\npeer=" + Id.ZERO.toHex(), 4000, 4001);
    try (DataFolder folder = DataFolder.open(dir())) {
      folder.remember(List.of(new Peer(Id.MAX, 1, PeerState.ACTIVE, List.of(forged, HERE))));
      Peer expected = new Peer(Id.MAX, 1, PeerState.ACTIVE, List.of(HERE));
      assertEquals(List.of(expected), folder.rememberedPeers());
    }
  }

  @Test
  void forgetsPeersWhoseFileIsDamaged() throws Exception {
    try (DataFolder folder = DataFolder.open(dir())) {
      folder.remember(List.of(new Peer(Id.MAX, 1, PeerState.ACTIVE, List.of(HERE))));
      Files.writeString(dir().resolve("peers"), "peer=nonsense\n");
      assertEquals(List.of(), folder.rememberedPeers());
      Files.write(dir().resolve("peers"), new KeyValues().add("peer", "x 1 ACTIVE").toBytes());
      assertEquals(List.of(), folder.rememberedPeers());
    }
  }

  @Test
  void remembersWhatIsForeignUnlessThatIsDamaged() throws Exception {
    List<ForeignArc> arcs = new ArrayList<>();
    Id end = Id.MAX;
    for (int i = 0; i < 3; i++) {
      arcs.add(new ForeignArc(new Arc(end, end.next()), i == 0 ? Long.MAX_VALUE : i));
      end = end.next();
    }
    try (DataFolder folder = DataFolder.open(dir())) {
      assertEquals(List.of(), folder.rememberedForeign());
      folder.rememberForeign(arcs);
    }
    try (DataFolder folder = DataFolder.open(dir())) {
      assertEquals(arcs, folder.rememberedForeign());
      Files.write(dir().resolve("foreign"), new KeyValues().add("arc", "x y -1").toBytes());
      assertEquals(List.of(), folder.rememberedForeign());
      folder.rememberForeign(List.of());
      assertEquals(List.of(), folder.rememberedForeign());
    }
  }

  @Test
  void passesOverADamagedEndpointFile() throws Exception {
    try (DataFolder folder = DataFolder.open(dir())) {
      folder.announce(Id.MAX, "lab", List.of(HERE));
      Files.write(dir().resolve("endpoint"), "id=x".getBytes(StandardCharsets.UTF_8));
      assertEquals(Optional.empty(), DataFolder.running(dir()));
    }
  }

  @Test
  void refusesAFile() throws Exception {
    Path file = Files.createFile(parent.resolve("file"));
    String why = assertThrows(FolderException.class, () -> DataFolder.open(file)).getMessage();
    assertTrue(why.contains("is not a folder"), why);
  }

  @Test
  void saysThatItCanNotBeMade() throws Exception {
    Path file = Files.createFile(parent.resolve("file"));
    Path below = file.resolve("node");
    String why = assertThrows(FolderException.class, () -> DataFolder.open(below)).getMessage();
    assertTrue(why.contains(below.toString()), why);
  }

  @Test
  void refusesAFolderThatItMayNotWrite() throws Exception {
    assumePosix();
    assumeFalse(System.getProperty("user.name").equals("root"), "root may write everywhere");
    Files.createDirectories(dir());
    Files.setPosixFilePermissions(dir(), PosixFilePermissions.fromString("r-x------"));
    String why = assertThrows(FolderException.class, () -> DataFolder.open(dir())).getMessage();
    assertTrue(why.contains("may not write"), why);
  }

  @Test
  void isForItsOwnerOnly() throws Exception {
    assumePosix();
    try (DataFolder folder = DataFolder.open(dir())) {
      folder.setId(Id.MAX);
      folder.remember(List.of());
      folder.announce(Id.MAX, "lab", List.of(HERE));
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir())));
      for (String name : List.of("lock", "node.properties", "peers", "endpoint")) {
        Path file = dir().resolve(name);
        assertEquals(
            "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), name);
      }
    }
  }

  @Test
  void takesNothingMoreAfterItWasClosed() throws Exception {
    DataFolder folder = DataFolder.open(dir());
    folder.close();
    folder.close();
    assertThrows(IllegalStateException.class, () -> folder.setId(Id.MAX));
    assertThrows(IllegalStateException.class, () -> folder.announce(Id.MAX, "lab", List.of(HERE)));
  }

  private static void assumePosix() {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "this file system knows no permissions");
  }
}
