package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringslice.messages.Estimate;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;

/** How a ring looks. */
class RingPictureTest {
  private static final Screen ASCII = new Screen(80, false);

  /** Nodes at these places, in 1/256 of the ring, of which each is twice as full as the last. */
  private static List<RingNode> nodes(int... places) {
    List<KnownPeer> view = new ArrayList<>();
    Map<Id, NodeStatus> statuses = new HashMap<>();
    for (int i = 0; i < places.length; i++) {
      Id id = Id.ofWords((long) places[i] << 56, 0, 0, i);
      view.add(new KnownPeer(new Peer(id, 1, PeerState.ACTIVE, List.of()), How.HOST));
      statuses.put(id, new NodeStatus(id, i, 1L << (i % 32), 0, 0, 0, 0, ""));
    }
    return RingCommand.nodes(view, statuses, view.get(0).peer().id());
  }

  private static List<String> circle(int... places) {
    return new RingCircle(nodes(places), ASCII).lines();
  }

  @Test
  void aCircleHasEachNodeAtItsHour() {
    List<String> lines = circle(0, 64, 128, 192);

    assertEquals(17, lines.size());
    assertEquals("*A", lines.get(0).substring(19, 21));
    assertEquals('B', lines.get(8).charAt(lines.get(8).length() - 1));
    assertEquals('C', lines.get(16).charAt(20));
    assertEquals('D', lines.get(8).charAt(4));
    assertTrue(lines.get(7).contains(" 4 nodes "), lines.get(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255})
  void nodesAtOnePlaceMoveApartAndAreAllThere(int place) {
    int[] places = new int[RingPicture.CIRCLE_NODES_MAX];
    Arrays.fill(places, place);
    String picture = String.join("", circle(places));

    String letters = picture.replace("MiB", "").replaceAll("[^A-Z]", "");
    assertEquals(places.length, letters.chars().distinct().count(), picture);
    assertEquals(places.length, letters.length());
  }

  @Test
  void theSharesAreTheArcsBeforeTheNodes() {
    List<RingNode> nodes = nodes(32, 64, 224);

    assertEquals(64 / 256.0, nodes.get(0).share().orElseThrow(), 1e-9);
    assertEquals(32 / 256.0, nodes.get(1).share().orElseThrow(), 1e-9);
    assertEquals(160 / 256.0, nodes.get(2).share().orElseThrow(), 1e-9);
    assertEquals(1, nodes(7).get(0).share().orElseThrow(), 1e-9);
  }

  @Test
  void theFullestNodeHasTheLongestBar() {
    List<String> lines = new RingPicture(nodes(0, 64, 128), Estimate.exactly(3), ASCII).lines();

    assertTrue(lines.contains("A  *  00000000  50.0 %      0   1 B  #####.............  active"));
    assertTrue(lines.contains("C     80000000  25.0 %      2   4 B  ##################  active"));
    assertEquals("* the node that was asked", lines.get(lines.size() - 1));
  }

  @Test
  void theBarIsFinerWhereThereIsUnicode() {
    List<String> lines =
        new RingPicture(nodes(0, 64, 128), Estimate.exactly(3), new Screen(80, true)).lines();

    assertTrue(lines.get(0).contains("·"), lines.get(0));
    assertTrue(lines.stream().anyMatch(line -> line.contains("  ████▌               active")));
  }

  @Test
  void manyNodesAreAStrip() {
    int[] places = new int[40];
    for (int i = 0; i < places.length; i++) {
      places[i] = i < 12 ? 0 : 128;
    }
    List<String> lines =
        new RingPicture(nodes(places), Estimate.exactly(40), new Screen(64, false)).lines();

    assertEquals("*", lines.get(1));
    assertEquals("#" + "-".repeat(31) + "#" + "-".repeat(31), lines.get(2));
    assertEquals("0   1   2   3   4   5   6   7   8   9   a   b   c   d   e   f", lines.get(3));
  }

  @Test
  void aNodeThatKnowsOnlySomeSaysSo() {
    List<KnownPeer> view = new ArrayList<>();
    for (int place : new int[] {0, 64, 128}) {
      Id id = Id.ofWords((long) place << 56, 0, 0, 0);
      view.add(new KnownPeer(new Peer(id, 1, PeerState.ACTIVE, List.of()), How.LEARNED));
    }
    Id asked = view.get(1).peer().id();
    List<RingNode> nodes = RingCommand.nodes(view, Map.of(asked, 0.25), Map.of(), asked);
    List<String> lines =
        new RingPicture(nodes, new Estimate(1040, 980, 1100, false), ASCII).lines();

    assertTrue(lines.contains("The asked node knows 3 nodes of about 1,040 (95 %: 980 to 1,100):"));
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("A     00000000       ?")));
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("B  *  40000000  25.0 %")));
    assertTrue(nodes.get(0).json().toString().contains("\"share\":null"));
    assertTrue(nodes.get(1).json().toString().contains("\"share\":0.25"));
  }

  @Test
  void aNodeThatDidNotTellIsNamed() {
    Peer joining = new Peer(Id.ZERO, 1, PeerState.JOINING, List.of());
    Peer active = new Peer(Id.MAX, 1, PeerState.ACTIVE, List.of());
    List<KnownPeer> view =
        List.of(new KnownPeer(joining, How.HOST), new KnownPeer(active, How.HOST));
    NodeStatus status = new NodeStatus(Id.MAX, 1, 1, 0, 0, 0, 0, "");
    List<RingNode> nodes = RingCommand.nodes(view, Map.of(Id.MAX, status), Id.ZERO);
    List<String> lines = new RingPicture(nodes, Estimate.exactly(2), ASCII).lines();

    assertTrue(lines.contains("node 00000000 did not tell all: it was not asked yet"));
    assertTrue(lines.stream().anyMatch(line -> line.endsWith("joining")));
  }

  @ParameterizedTest
  @CsvSource({
    "120, en_GB.UTF-8, '', 120, true",
    "'', '', '', 80, false",
    "7, C, '', 40, false",
    "9999, de_DE.utf8, '', 200, true",
    "wide, de_DE.utf8, 1, 80, false",
  })
  void theScreenIsWhatTheEnvironmentSays(
      String columns, String locale, String ascii, int width, boolean rich) {
    Map<String, String> environment =
        Map.of("COLUMNS", columns, "LC_ALL", locale, "RINGSLICE_ASCII", ascii);

    assertEquals(new Screen(width, rich), Screen.of(environment));
  }
}
