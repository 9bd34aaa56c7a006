package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ErasureSketchTest {
  private final SplittableRandom random = new SplittableRandom(8);

  @Test
  void findsAnySubsetOfASetThatIsSmallerThanItsRows() {
    for (int size = 0; size <= 240; size += 12) {
      long[] hashes = random.longs(size + 5).toArray();
      int[] subset = IntStream.range(3, size + 3).filter(i -> random.nextBoolean()).toArray();
      long[] sketch = new long[4];
      for (int i : subset) {
        ErasureSketch.add(hashes, i, i + 1, 0, sketch);
      }
      assertArrayEquals(subset, ErasureSketch.solve(hashes, 3, size + 3, sketch));
    }
  }

  @Test
  void tellsWhenAnEntryIsNotInTheSetOrTheRowsAreTooFew() {
    long[] hashes = random.longs(300).toArray();
    long[] sketch = new long[4];
    ErasureSketch.add(hashes, 0, 1, 0, sketch);

    assertNull(ErasureSketch.solve(hashes, 1, 200, sketch));
    assertNull(ErasureSketch.solve(hashes, 0, 300, sketch));
  }
}
