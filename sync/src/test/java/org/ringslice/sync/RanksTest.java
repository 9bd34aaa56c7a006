package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RanksTest {
  private final SplittableRandom random = new SplittableRandom(2);

  @Test
  void findsWhatSortingFinds() {
    for (int round = 0; round < 2000; round++) {
      int bits = 16 + random.nextInt(17);
      int mask = (int) ((1L << bits) - 1) & (round % 3 == 0 ? 0x3f : -1);
      int[] numbers = random.ints(random.nextInt(500)).map(each -> each & mask).toArray();
      int from = random.nextInt(numbers.length + 1);
      int to = from + random.nextInt(numbers.length - from + 1);
      int[] ranks = random.ints(random.nextInt(9), 0, 600).sorted().distinct().toArray();

      int[] found = Ranks.indices(numbers, from, to, bits, ranks);

      List<Integer> sorted =
          IntStream.range(from, to)
              .boxed()
              .sorted((i, j) -> Integer.compareUnsigned(numbers[i], numbers[j]))
              .collect(Collectors.toList());
      int[] expected =
          Arrays.stream(ranks).filter(rank -> rank < to - from).map(sorted::get).toArray();
      assertEquals(Arrays.toString(expected), Arrays.toString(found));
    }
  }
}
