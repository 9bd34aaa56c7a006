package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process writes itself is told apart from what somebody else does to its files. */
final class VerifiedTest {
  @TempDir Path blocks;
  private Path file;
  private Verified verified;
  private IndexRow row;

  @BeforeEach
  void openWithOneSegment() throws IOException {
    file = Segment.file(blocks, 1);
    Files.write(file, new byte[5000]);
    verified = new Verified(blocks);
    row = IndexRow.inSegment(Samples.blob(new Random(1), 4000), 1, 100);
  }

  private void append(int sizeBytes) throws IOException {
    Files.write(file, new byte[sizeBytes], StandardOpenOption.APPEND);
  }

  private void replace() throws IOException {
    Path copy = Files.copy(file, blocks.resolve("copy"));
    Files.delete(file);
    Files.move(copy, file);
  }

  @Test
  void whoLooksWhileSomethingIsAppendedIsNotSurprised() throws IOException {
    assertTrue(verified.writing(1));
    append(70);
    verified.lookAround();
    append(7);
    verified.appended(List.of(row));
    verified.lookAround();
    assertTrue(verified.glance().has(row));
    assertFalse(verified.isSurprised());
  }

  @Test
  void whatAFailedAppendLeftAndWasCutOffIsNoSurprise() throws IOException {
    assertTrue(verified.writing(1));
    append(70);
    Files.write(file, new byte[5000]);
    verified.reopened();
    verified.lookAround();
    assertFalse(verified.isSurprised());
    assertTrue(verified.writing(1));
  }

  @Test
  void whatSomebodyElseWritesIsMissedThoughNobodyAsksForIt() throws IOException {
    verified.appended(List.of(row));
    append(1);
    verified.lookAround();
    assertTrue(verified.isSurprised());
    assertFalse(verified.glance().has(row));
  }

  @Test
  void aSegmentThatIsGoneIsNotToBeAppendedTo() throws IOException {
    Files.delete(file);
    assertFalse(verified.writing(1));
    assertTrue(verified.isSurprised());
    assertFalse(verified.writing(1));
  }

  @Test
  void oneThatIsReplacedWhileItIsAppendedToIsFoundByTheNextLook() throws IOException {
    assertTrue(verified.writing(1));
    append(70);
    replace();
    verified.appended(List.of(row));
    assertFalse(verified.writing(1));
    assertTrue(verified.isSurprised());
  }

  @Test
  void aSegmentThatDiedIsNotMissed() throws IOException {
    verified.gone(1);
    Files.delete(file);
    verified.lookAround();
    assertFalse(verified.isSurprised());
  }
}
