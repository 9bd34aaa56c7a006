package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.MissingCopy;
import org.ringslice.messages.NodeHealth;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.Peer;
import org.ringslice.messages.PeerState;
import org.ringslice.messages.Role;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Access;

/** What is made of what the nodes found. */
class RingStatusTest {
  private static final Id A = Id.fromHex("aa".repeat(Id.BYTES));
  private static final Id B = Id.fromHex("bb".repeat(Id.BYTES));
  private static final Id ITEM = Id.fromHex("17".repeat(Id.BYTES));
  private static final long DIGEST = 77;
  private static final NodeStatus A_HAS_THREE = new NodeStatus(A, 3, 3072, 2, 0, 0, DIGEST, "");
  private static final NodeStatus B_HAS_TWO = new NodeStatus(B, 2, 2048, 1, 0, 0, DIGEST, "");

  private static final RingHealth GOOD =
      RingHealth.of(
          List.of(new Message.HealthIs(List.of(good(A), good(B)), Id.ZERO)), List.of(A, B));

  private static RingStatus of(List<NodeStatus> nodes, MissingCopy... missing) {
    return of(PeerState.ACTIVE, nodes, List.of(missing));
  }

  private static RingStatus of(
      PeerState stateOfB, List<NodeStatus> nodes, List<MissingCopy> missing) {
    List<KnownPeer> view =
        List.of(
            new KnownPeer(new Peer(A, 1, PeerState.ACTIVE, List.of()), How.HOST),
            new KnownPeer(new Peer(B, 1, stateOfB, List.of()), How.HOST));
    return RingStatus.of(List.of(new Message.StatusIs(nodes, missing, Id.ZERO)), view, 2, GOOD);
  }

  private static RingStatus of(int wanted, List<NodeStatus> nodes, NodeHealth... health) {
    List<Id> telling = nodes.stream().map(NodeStatus::id).toList();
    return RingStatus.of(
        List.of(new Message.StatusIs(nodes, List.of(), Id.ZERO)),
        List.of(),
        wanted,
        RingHealth.of(List.of(new Message.HealthIs(List.of(health), Id.ZERO)), telling));
  }

  private static NodeHealth good(Id node) {
    return new NodeHealth(node, 0, List.of(), 0, false, 0, List.of(), "");
  }

  @Test
  void addsUpWhatTheNodesTell() {
    RingStatus status = of(List.of(A_HAS_THREE, B_HAS_TWO));

    assertTrue(status.isFullyReplicated());
    assertEquals(
        List.of(
            "2 nodes, 3 items, 5.0 KiB counting every copy",
            "fully replicated: every item has all its copies"),
        status.lines(9));
    assertEquals("2 nodes, 3 items, fully replicated", status.summary());
    assertEquals(
        "{\"nodes\":2,\"items\":3,\"size\":5120,\"fully_replicated\":true,\"under_replicated\":0,"
            + "\"syncing\":0,\"to_go_bytes\":0,\"wanted\":2,\"nodes_lacking\":0,\"lost\":0,"
            + "\"damaged\":0,\"unverified_bytes\":0,\"missing\":[],\"unsure\":[],\"lost_items\":[],"
            + "\"damaged_at\":[],\"verifying\":[],\"health_not_told\":[],\"health_unknown\":[]}",
        status.json().toString());
  }

  @Test
  void tellsWhichCopyIsMissingWhereAndWhy() {
    RingStatus status =
        of(
            List.of(new NodeStatus(A, 3, 3072, 2, 1, 0, DIGEST, ""), B_HAS_TWO),
            new MissingCopy(ITEM, B, "its disk is full"));

    assertFalse(status.isFullyReplicated());
    assertTrue(status.isSure());
    assertEquals(
        List.of(
            "2 nodes, 3 items, 5.0 KiB counting every copy",
            "not fully replicated: 1 item lacks copies; 1 node lacks some",
            "  17171717  missing at bbbbbbbb: its disk is full"),
        status.lines(9));
    assertTrue(
        status
            .json()
            .toString()
            .contains(
                "\"missing\":[{\"item\":\""
                    + ITEM.toHex()
                    + "\",\"holder\":\""
                    + B.toHex()
                    + "\",\"why\":\"its disk is full\"}]"));
  }

  @Test
  void tellsHowMuchOfTheCopiesIsStillToGo() {
    RingStatus status =
        of(
            List.of(new NodeStatus(A, 3, 3072, 2, 1, 5 << 20, DIGEST, ""), B_HAS_TWO),
            new MissingCopy(ITEM, B, "it joins, and is being given its share"));

    assertEquals("copies are under way: 5.0 MiB to go", status.lines(9).get(2));
    assertEquals("2 nodes, 3 items, 1 item lacks copies, 5.0 MiB to go", status.summary());
    assertTrue(status.json().toString().contains("\"syncing\":1,\"to_go_bytes\":5242880,"));
  }

  @Test
  void isNotSureWhenANodeDidNotTell() {
    RingStatus status = of(List.of(A_HAS_THREE, NodeStatus.silent(B, "no answer by the deadline")));

    assertFalse(status.isFullyReplicated());
    assertFalse(status.isSure());
    assertEquals(
        List.of(
            "not fully replicated: no copy is known to be missing, but 1 node did not tell all",
            "  node bbbbbbbb did not tell all: no answer by the deadline"),
        status.lines(9).subList(1, 3));
  }

  @Test
  void allIsNotWellWhileSomebodyJoinsOrCopiesAreUnderWay() {
    RingStatus joining = of(PeerState.JOINING, List.of(A_HAS_THREE, B_HAS_TWO), List.of());
    RingStatus underWay =
        of(List.of(A_HAS_THREE, new NodeStatus(B, 2, 2048, 1, 0, 1 << 20, DIGEST, "")));

    assertFalse(joining.isFullyReplicated());
    assertTrue(joining.isSure());
    assertEquals(
        "2 nodes, 3 items, no copy is known to be missing, but 1 node joins", joining.summary());
    assertFalse(underWay.isFullyReplicated());
    assertTrue(underWay.isSure());
    assertEquals(
        "not fully replicated: no copy is known to be missing, but copies are still under way",
        underWay.lines(9).get(1));
  }

  @Test
  void addsUpThePartsOfALargeRing() {
    MissingCopy copy = new MissingCopy(ITEM, B, "its disk is full");
    NodeStatus lacking = new NodeStatus(B, 2, 2048, 1, 1, 0, DIGEST, "");
    RingStatus status =
        RingStatus.of(
            List.of(
                new Message.StatusIs(List.of(A_HAS_THREE), List.of(), A),
                new Message.StatusIs(List.of(lacking), List.of(copy), Id.ZERO)),
            List.of(),
            2,
            GOOD);

    assertEquals("2 nodes, 3 items, 1 item lacks copies", status.summary());
    assertEquals(List.of(copy), status.missing());
    assertEquals(1, status.syncing());
  }

  @Test
  void ofManyNodesThatDidNotTellSomeAreNamed() {
    List<NodeStatus> silent = Collections.nCopies(7, NodeStatus.silent(B, "no answer"));
    RingStatus status = of(silent);

    assertEquals(2 + 5 + 1, status.lines(5).size());
    assertEquals("  nor did 2 others", status.lines(5).get(7));
  }

  @Test
  void whoIsSuspectedIsGivenNothingAndWhoJoinsIs() {
    List<NodeStatus> nodes = List.of(new NodeStatus(A, 3, 3072, 2, 1, 0, DIGEST, ""));
    List<MissingCopy> missing = List.of(new MissingCopy(ITEM, B, "why"));

    assertEquals(0, of(PeerState.SUSPECTED, nodes, missing).syncing());
    assertEquals(1, of(PeerState.JOINING, nodes, missing).syncing());
    assertEquals(1, of(PeerState.JOINING, List.of(A_HAS_THREE), List.of()).syncing());
  }

  @Test
  void itemsThatAreMissingForOneReasonAreCounted() {
    List<NodeStatus> nodes =
        List.of(new NodeStatus(A, 999, 3072, 999, 999, 0, DIGEST, ""), B_HAS_TWO);
    List<MissingCopy> missing =
        Collections.nCopies(40, new MissingCopy(ITEM, B, "its disk is full"));
    RingStatus status = of(PeerState.ACTIVE, nodes, missing);

    assertEquals(
        "  17171717, 17171717, 17171717 and 37 others  missing at bbbbbbbb: its disk is full",
        status.lines(5).get(2));
    assertEquals(3, status.lines(5).size());
  }

  @Test
  void aLongListIsCut() {
    List<NodeStatus> nodes =
        List.of(new NodeStatus(A, 999, 3072, 999, 999, 0, DIGEST, ""), B_HAS_TWO);
    List<MissingCopy> missing = new ArrayList<>();
    for (int i = 0; i < Limits.MISSING_MAX; i++) {
      missing.add(new MissingCopy(ITEM, B, "reason " + i));
    }
    RingStatus status = of(PeerState.ACTIVE, nodes, missing);

    assertEquals(2 + 5 + 1, status.lines(5).size());
    assertEquals("  and more", status.lines(5).get(7));
    assertEquals(2 + Limits.MISSING_MAX + 1, status.lines(Limits.MISSING_MAX).size());
  }

  @Test
  void aRingOfFewerNodesThanCopiesSaysSo() {
    RingStatus status = of(4, List.of(A_HAS_THREE, B_HAS_TWO), good(A), good(B));

    assertTrue(status.isFullyReplicated());
    assertEquals(
        "fully replicated: every item has all the copies that this ring can hold, 2 copies each;"
            + " there are fewer nodes than copies wanted, 2 of 4",
        status.lines(9).get(1));
    assertEquals(
        "2 nodes, 3 items, fully replicated, there are fewer nodes than copies wanted, 2 of 4",
        status.summary());
    assertTrue(status.json().toString().contains("\"wanted\":4,\"nodes_lacking\":2,"));
  }

  @Test
  void aNodeAloneIsNotFullyReplicatedUnlessOneCopyIsWanted() {
    RingStatus alone = of(4, List.of(A_HAS_THREE), good(A));

    assertFalse(alone.isFullyReplicated());
    assertTrue(alone.isSure());
    assertEquals(
        List.of(
            "1 node, 2 items, 3.0 KiB counting every copy",
            "not fully replicated: there are fewer nodes than copies wanted, 1 of 4, so that one"
                + " node alone has every item"),
        alone.lines(9));
    assertTrue(alone.json().toString().contains("\"wanted\":4,\"nodes_lacking\":3,"));

    assertTrue(of(1, List.of(A_HAS_THREE), good(A)).isFullyReplicated());
  }

  @Test
  void damagedCopiesAreToldOfByNode() {
    NodeHealth damaged = new NodeHealth(B, 7, List.of(ITEM, A), 0, false, 0, List.of(), "");
    RingStatus status = of(2, List.of(A_HAS_THREE, B_HAS_TWO), good(A), damaged);

    assertFalse(status.isFullyReplicated());
    assertEquals(
        List.of(
            "not fully replicated: no copy is missing by what the nodes' indexes say, but 7 copies"
                + " were found damaged and are not made good yet",
            "  node bbbbbbbb: 7 copies were found damaged and are not made good yet: 17171717,"
                + " aaaaaaaa and 5 others"),
        status.lines(9).subList(1, 3));
    String json = status.json().toString();
    assertTrue(json.contains("\"damaged\":7,"), json);
    assertTrue(
        json.contains(
            "\"damaged_at\":[{\"node\":\""
                + B.toHex()
                + "\",\"count\":7,\"items\":[\""
                + ITEM.toHex()),
        json);
  }

  @Test
  void whatIsLostIsToldFirst() {
    NodeHealth one = new NodeHealth(A, 0, List.of(), 0, false, 1, List.of(ITEM), "");
    NodeHealth same = new NodeHealth(B, 1, List.of(A), 0, false, 1, List.of(ITEM), "");
    RingStatus status = of(2, List.of(A_HAS_THREE, B_HAS_TWO), one, same);

    assertFalse(status.isFullyReplicated());
    assertEquals(
        List.of(
            "lost: 1 item that nodes held lately is held by nobody now; store it again, or start"
                + " the nodes that had it",
            "  " + ITEM.toHex(),
            "not fully replicated: 1 item is lost"),
        status.lines(9).subList(1, 4));
    assertEquals("2 nodes, 3 items, 1 item is lost", status.summary());
    assertTrue(
        status.json().toString().contains("\"lost_items\":[\"" + ITEM.toHex() + "\"]"),
        status.json()::toString);
  }

  @Test
  void ofMoreThatAreLostThanAreNamedItIsSaidHowManyAtLeast() {
    NodeHealth many = new NodeHealth(A, 0, List.of(), 0, false, 500, List.of(ITEM), "");
    RingStatus status = of(2, List.of(A_HAS_THREE, B_HAS_TWO), many, good(B));

    assertEquals("2 nodes, 3 items, at least 500 items are lost", status.summary());
    assertEquals("  and more", status.lines(9).get(3));
  }

  @Test
  void aNodeThatVerifiesAfterAnUncleanStopIsNotBelievedYet() {
    NodeHealth verifying = new NodeHealth(B, 0, List.of(), 5 << 20, true, 0, List.of(), "");
    RingStatus status = of(2, List.of(A_HAS_THREE, B_HAS_TWO), good(A), verifying);

    assertFalse(status.isFullyReplicated());
    assertEquals(
        List.of(
            "not fully replicated: no copy is missing by what the nodes' indexes say, but 1 node"
                + " verifies its copies after an unclean stop, 5.0 MiB to go",
            "  node bbbbbbbb verifies its copies after an unclean stop: 5.0 MiB to go"),
        status.lines(9).subList(1, 3));
    assertTrue(status.json().toString().contains("\"unverified_bytes\":5242880,"));
  }

  @Test
  void whatIsNotVerifiedAfterAStopByItselfIsOnlyInTheFigures() {
    NodeHealth atRest = new NodeHealth(B, 0, List.of(), 5 << 20, false, 0, List.of(), "");
    RingStatus status = of(2, List.of(A_HAS_THREE, B_HAS_TWO), good(A), atRest);

    assertTrue(status.isFullyReplicated());
    assertEquals(2, status.lines(9).size());
    assertTrue(status.json().toString().contains("\"unverified_bytes\":5242880,"));
  }

  @Test
  void aNodeOfAnOlderVersionIsToldOfOnceAndIsNoFault() {
    RingStatus status = of(2, List.of(A_HAS_THREE, B_HAS_TWO), good(A));

    assertTrue(status.isFullyReplicated());
    assertEquals(
        "whether bytes are good is not known of 1 node of an older version: bbbbbbbb",
        status.lines(9).get(2));
    assertEquals(3, status.lines(9).size());
    assertTrue(
        status.json().toString().contains("\"health_unknown\":[\"" + B.toHex() + "\"]"),
        status.json()::toString);
  }

  @Test
  void aNodeThatTellsHowItStandsButNotOfItsBytesIsInDoubt() {
    NodeHealth silent = NodeHealth.silent(B, "no answer by the deadline");

    RingStatus status = of(2, List.of(A_HAS_THREE, B_HAS_TWO), good(A), silent);

    assertFalse(status.isFullyReplicated());
    assertEquals(
        "  node bbbbbbbb did not tell whether its copies are good: no answer by the deadline",
        status.lines(9).get(2));
  }

  @Test
  void aNodeThatDoesNotAnswerAtAllIsToldOfOnce() {
    List<NodeStatus> nodes = List.of(A_HAS_THREE, NodeStatus.silent(B, "no answer"));
    NodeHealth silent = NodeHealth.silent(B, "no answer");
    RingHealth health =
        RingHealth.of(List.of(new Message.HealthIs(List.of(good(A), silent), Id.ZERO)), List.of(A));
    RingStatus status =
        RingStatus.of(
            List.of(new Message.StatusIs(nodes, List.of(), Id.ZERO)), List.of(), 2, health);

    assertEquals(
        1, status.lines(9).stream().filter(line -> line.contains("node bbbbbbbb")).count());
  }

  @Test
  void whereTheAskedNodeIsOfAnOlderVersionNothingIsKnownOfAny() {
    Identity identity =
        new Identity(A, Role.PEER, "", 1, 1, 1, List.of(), "", 1, Limits.BATCH_BYTES_MAX);
    Access older =
        new Access() {
          @Override
          public Line line() {
            return request -> {
              if (request instanceof Message.GetStatus) {
                return CompletableFuture.completedFuture(
                    new Message.StatusIs(List.of(A_HAS_THREE, B_HAS_TWO), List.of(), Id.ZERO));
              } else if (request instanceof Message.GetView) {
                return CompletableFuture.completedFuture(new Message.ViewShows(List.of()));
              } else if (request instanceof Message.GetId) {
                return CompletableFuture.completedFuture(new Message.IdIs(identity));
              }
              return CompletableFuture.failedFuture(
                  new RefusedException(ErrorCode.UNKNOWN_TYPE, "no message has the type 25"));
            };
          }

          @Override
          public void close() {}
        };

    RingStatus status = RingStatus.of(older);

    assertTrue(status.isFullyReplicated());
    assertEquals(2, status.wanted());
    assertEquals(
        "whether bytes are good is not known of 2 nodes of an older version: aaaaaaaa, bbbbbbbb",
        status.lines(9).get(2));
  }
}
