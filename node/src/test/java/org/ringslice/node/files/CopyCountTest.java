package org.ringslice.node.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Receipt;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;

/** How long missing copies are waited for, and what is asked meanwhile. */
class CopyCountTest {
  private static final CopyDemand TWO = new CopyDemand(2, Duration.ofSeconds(45));

  private final List<List<Id>> asked = new ArrayList<>();

  private static Id item(int number) {
    return Id.ofWords(number, 0, 0, 0);
  }

  private static Receipt receipt(Id id, int copies, int wanted) {
    List<Id> holders = new ArrayList<>();
    for (int i = 1; i <= copies; i++) {
      holders.add(item(i));
    }
    return new Receipt(id, Receipt.Outcome.PRESENT, copies, wanted, holders, "");
  }

  /** Answers for each round, counted from 1; null fails. */
  private Line line(Function<Integer, Receipt> rounds) {
    return request -> {
      asked.add(((Message.HaveItems) request).ids());
      Receipt receipt = rounds.apply(asked.size());
      return receipt == null
          ? CompletableFuture.failedFuture(new RefusedException(ErrorCode.BUSY, "too much to do"))
          : CompletableFuture.completedFuture(new Message.HaveThese(List.of(receipt)));
    };
  }

  private static void settle(CopyCount count, Line line) throws Exception {
    count.settle(line).get(50, TimeUnit.SECONDS);
  }

  @Test
  void asksForThePartsThatLackCopiesUntilTheyHaveThem() throws Exception {
    CopyCount count = new CopyCount(TWO);
    count.note(receipt(item(1), 3, 3));
    count.note(receipt(item(2), 1, 3));

    settle(count, line(round -> round == 2 ? null : receipt(item(2), round == 3 ? 2 : 1, 3)));

    assertTrue(count.isEnough());
    assertEquals(List.of(List.of(item(2)), List.of(item(2)), List.of(item(2))), asked);
    assertEquals(2, count.least().copies());
    assertEquals(3, count.wanted());
  }

  @Test
  void doesNotWaitForMoreCopiesThanTheRingKeeps() throws Exception {
    CopyCount count = new CopyCount(TWO);
    count.note(receipt(item(1), 1, 1));

    settle(count, line(round -> null));

    assertFalse(count.isEnough());
    assertEquals(List.of(), asked);
  }

  @Test
  void aHolderThatDiedSinceTheStoreBeganMayComeBack() throws Exception {
    CopyCount count = new CopyCount(TWO);
    count.note(receipt(item(1), 1, 2));

    settle(count, line(round -> receipt(item(1), round < 3 ? 1 : 2, round < 3 ? 1 : 2)));

    assertTrue(count.isEnough());
    assertEquals(3, asked.size());
  }

  @Test
  void itIsWaitedForNoLongerThanPatienceLasts() throws Exception {
    CopyCount count = new CopyCount(new CopyDemand(2, Duration.ofSeconds(1)));
    count.note(receipt(item(1), 1, 2));

    settle(count, line(round -> receipt(item(1), 1, 1)));

    assertFalse(count.isEnough());
    assertEquals(
        "durable on 1 of 2 nodes (00000000), and 2 copies were asked for, which 1 s more did not"
            + " bring; 'status' tells which node lacks its copy and why; store it again when that is"
            + " mended",
        count.refusal(StoredFile.of(count.least(), 1)).getMessage());
  }

  @Test
  void whoHasNoPatienceAsksNobody() throws Exception {
    CopyCount count = new CopyCount(TWO.atOnce());
    count.note(receipt(item(1), 1, 2));

    settle(count, line(round -> receipt(item(1), 2, 2)));

    assertEquals(List.of(), asked);
    assertEquals(
        "durable on 1 of 2 nodes (00000000), and 2 copies were asked for; 'status' tells which node"
            + " lacks its copy and why; store it again when that is mended",
        count.refusal(StoredFile.of(count.least(), 1)).getMessage());
  }

  @Test
  void thePartWithTheFewestCopiesCounts() {
    CopyCount count = new CopyCount(CopyDemand.NONE);
    count.note(receipt(item(1), 4, 4));
    count.note(receipt(item(2), 2, 4));
    count.note(receipt(item(3), 3, 4));

    assertTrue(count.isEnough());
    assertEquals(item(2), count.least().id());
  }

  @Test
  void aPartThatIsToldOfAgainCountsAsItWasToldOfLast() {
    CopyCount count = new CopyCount(TWO);
    count.note(receipt(item(1), 1, 2));
    count.note(receipt(item(1), 2, 2));

    assertTrue(count.isEnough());
    assertEquals(2, count.least().copies());
  }

  @Test
  void moreThatLackThanAreRememberedAreTooFewCopiesAllTheSame() throws Exception {
    CopyCount count = new CopyCount(TWO);
    for (int i = 0; i <= CopyCount.LACKING_MAX; i++) {
      count.note(receipt(Id.ofWords(i, 1, 0, 0), 1, 2));
    }

    settle(count, line(round -> null));

    assertFalse(count.isEnough());
    assertEquals(List.of(), asked);
    assertEquals(1, count.least().copies());
  }
}
