package org.ringslice.node.runtime;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
  @Test
  void readsTheLimitThatCounts() {
    String head = "Limit                     Soft Limit           Hard Limit           Units     ";
    String files = "Max open files            1024                 524288               files     ";
    String none = "Max open files            unlimited            unlimited            files     ";
    assertEquals(1024, Descriptors.limit(List.of(head, files)));
    assertEquals(Long.MAX_VALUE, Descriptors.limit(List.of(head, none)));
  }

  @Test
  void refusesWhatANodeCanNotDoWith() {
    for (long limit : List.of(64L, 256L, 511L)) {
      String said =
          assertThrows(StartException.class, () -> Descriptors.check(limit, 20)).getMessage();
      assertTrue(said.contains(limit + " files and connections open, and 20 are"), said);
      assertTrue(said.contains("needs 512"), said);
    }
    String said =
        assertThrows(StartException.class, () -> Descriptors.check(1024, 900)).getMessage();
    assertTrue(said.contains("needs 1028"), said);
    assertDoesNotThrow(() -> Descriptors.check(512, 100));
    assertDoesNotThrow(() -> Descriptors.check());
  }
}
