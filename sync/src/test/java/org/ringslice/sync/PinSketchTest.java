package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PinSketchTest {
  private final SplittableRandom random = new SplittableRandom(5);

  private int[] elements(Field field, int count) {
    return random
        .longs(1, field.mask() + 1)
        .distinct()
        .limit(count)
        .mapToInt(x -> (int) x)
        .toArray();
  }

  private static long[] sketch(Field field, int[] elements, int rows) {
    long[] sketch = new long[rows];
    new PinSketch(field).add(elements, 0, elements.length, 0, sketch);
    return sketch;
  }

  @Test
  void givesBackUpToAsManyDifferencesAsItHasRowsInEveryField() {
    for (int bits = Field.BITS_MIN; bits <= Field.BITS_MAX; bits++) {
      Field field = new Field(bits);
      for (int count = 0; count <= 13; count++) {
        int[] set = elements(field, count);
        long[] expected = Arrays.stream(set).mapToLong(Integer::toUnsignedLong).sorted().toArray();

        long[] decoded = new PinSketch(field).decode(sketch(field, set, 13));

        Arrays.sort(decoded);
        assertArrayEquals(expected, decoded, bits + " bits, " + count + " elements");
      }
    }
  }

  @Test
  void tellsWhenTheDifferencesAreMoreThanItsRows() {
    Field field = new Field(32);
    for (int rows = 1; rows <= 16; rows++) {
      for (int round = 0; round < 50; round++) {
        int[] set = elements(field, rows + 1 + random.nextInt(2 * rows));
        assertNull(new PinSketch(field).decode(sketch(field, set, rows)), rows + " rows");
      }
    }
  }

  @Test
  void growsByTheRowsThatItDoesNotHaveYet() {
    Field field = new Field(27);
    int[] set = elements(field, 700);
    for (int rows = 2; rows <= 48; rows++) {
      for (int first = 0; first < rows; first++) {
        long[] grown = sketch(field, set, rows);
        Arrays.fill(grown, first, rows, 0);
        new PinSketch(field).add(set, 0, set.length, first, grown);
        assertArrayEquals(sketch(field, set, rows), grown, first + " of " + rows + " rows");
      }
    }
  }

  @Test
  void ofADifferenceIsTheXorOfTheSketches() {
    Field field = new Field(29);
    int[] all = elements(field, 1000);
    long[] one = sketch(field, Arrays.copyOfRange(all, 0, 995), 10);
    long[] other = sketch(field, Arrays.copyOfRange(all, 5, 1000), 10);
    for (int row = 0; row < one.length; row++) {
      one[row] ^= other[row];
    }
    assertEquals(10, new PinSketch(field).decode(one).length);
  }
}
