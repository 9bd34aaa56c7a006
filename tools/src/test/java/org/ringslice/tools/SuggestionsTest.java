package org.ringslice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuggestionsTest {
  @ParameterizedTest
  @CsvSource({"stor, store", "stauts, status", "lsit, list", "pees, peers", "explian, explain"})
  void findTheCommandThatWasMeant(String word, String command) {
    assertEquals(List.of(command), Suggestions.of(word, Commands.harmless()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"leav", "leaves", "lave", "Leave", "delete", "forget", "warm-u", "x", ""})
  void leadNobodyToHarmNorToAnotherWord(String word) {
    assertEquals(List.of(), Suggestions.of(word, Commands.harmless()));
  }

  @Test
  void offerNoCommandThatTakesSomethingAway() {
    assertFalse(Commands.harmless().contains("leave"));
    assertTrue(Commands.harmless().contains("store"));
    assertEquals(List.of("--json"), Commands.harmlessOf(List.of("--now", "--json")));
  }
}
