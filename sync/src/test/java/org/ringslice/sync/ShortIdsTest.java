package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShortIdsTest {
  private final SplittableRandom random = new SplittableRandom(2);

  @Test
  void ranksThoseThatDoNotCancel() {
    for (int round = 0; round < 2000; round++) {
      int bits = 12 + random.nextInt(21);
      int mask = (int) ((1L << bits) - 1) & (round % 3 == 0 ? 0x3f : -1);
      int[] all = random.ints(random.nextInt(500)).map(each -> each & mask).toArray();
      int from = random.nextInt(all.length + 1);
      int to = from + random.nextInt(all.length - from + 1);
      NavigableMap<Long, List<Integer>> indices = new TreeMap<>();
      for (int i = from; i < to; i++) {
        long each = Integer.toUnsignedLong(all[i]);
        indices.computeIfAbsent(each, any -> new ArrayList<>()).add(i);
      }

      ShortIds ids = new ShortIds(all, from, to, bits);

      int rank = 0;
      for (var each : indices.entrySet()) {
        boolean odd = each.getValue().size() % 2 == 1;
        assertEquals(odd, ids.contains(each.getKey()));
        assertEquals(rank, ids.rankOf(each.getKey()));
        int[] cancelled = each.getValue().stream().mapToInt(i -> i).toArray();
        assertArrayEquals(odd ? new int[0] : cancelled, ids.cancelled(each.getKey()));
        if (odd) {
          assertEquals(each.getValue().get(0), ids.indexOf(rank++));
        }
      }
      assertEquals(rank, ids.size());
    }
  }
}
