package org.ringslice.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;

/** Holds the section of {@code PROTOCOL.md} that tells what sessions say against the code. */
class SpecifiedDialogueTest {
  private static final long SALT = 0x0123456789abcdefL;
  private static final HexFormat HEX = HexFormat.of();

  /** The word that begins a message or blanks, then bytes, then two spaces and a comment. */
  private static final Pattern LINE = Pattern.compile("(asker|answerer)? +([0-9a-f]+)  .*");

  private final String section = section();

  private static String section() {
    Path module = Path.of(System.getProperty("basedir", "."));
    try {
      String text = Files.readString(module.resolve("../messages/PROTOCOL.md"));
      return text.substring(text.indexOf("\n## 12. Comparing an arc\n"));
    } catch (IOException e) {
      throw new AssertionError("the specification belongs to the module of the messages", e);
    }
  }

  private List<List<String>> table(String head) {
    int begin = section.indexOf("\n| " + head + " ");
    assertTrue(begin >= 0, () -> "no table begins with " + head);
    int end = section.indexOf("\n\n", begin);
    return section
        .substring(begin, end)
        .lines()
        .skip(3)
        .map(line -> Arrays.stream(line.substring(1).split("\\|", -1)).map(String::strip).toList())
        .toList();
  }

  private static EntryInfo blob(String text) {
    return Replica.blob(Id.sha256(Bytes.wrap(text.getBytes(StandardCharsets.UTF_8))));
  }

  private static EntryDigest network() {
    byte[] seed = "ringslice index of lab".getBytes(StandardCharsets.UTF_8);
    Id hash = Id.sha256(Bytes.wrap(seed));
    return new EntryDigest(hash.word(0), hash.word(1));
  }

  private static Replica side(String... blobs) {
    Replica side = new Replica(Arc.wholeRing(Id.MAX), 1, network()::of);
    side.session = new Session(side.index, Arc.wholeRing(Id.MAX), () -> SALT);
    Stream.of(blobs).forEach(text -> side.put(blob(text)));
    return side;
  }

  @Test
  void theDialogueIsWhatTwoSessionsSay() {
    Replica asker = side("one", "two");
    Replica answerer = side("two", "three");
    Replica.join(asker, answerer);
    List<String> said = new ArrayList<>();

    asker.begin(false);
    for (Replica sayer = asker; !sayer.outbox.isEmpty(); sayer = sayer.peer) {
      Bytes body = sayer.outbox.remove(0);
      said.add(HEX.formatHex(body.toArray()));
      sayer.peer.hear(body);
    }

    assertEquals(dialogue(), said);
    assertTrue(asker.proved && answerer.proved);
  }

  private List<String> dialogue() {
    List<StringBuilder> messages = new ArrayList<>();
    int begin = section.indexOf("```text\n") + 8;
    for (String line : section.substring(begin, section.indexOf("```", begin)).split("\n", 0)) {
      Matcher matcher = LINE.matcher(line);
      boolean comment = line.startsWith(" ".repeat(40));
      assertTrue(comment || matcher.matches(), line);
      if (!comment && matcher.group(1) != null) {
        messages.add(new StringBuilder());
      }
      if (!comment) {
        messages.get(messages.size() - 1).append(matcher.group(2));
      }
    }
    return messages.stream().map(StringBuilder::toString).toList();
  }

  @Test
  void theDigestsOfTheDialogueAreWhatTheRulesGive() {
    Salt salt = new Salt(SALT);
    Plan plan = Plan.quick(2);
    for (List<String> row : table("blob")) {
      EntryInfo entry = blob(row.get(0));
      long hash = network().of(entry);
      long mixed = Mix.of(hash ^ salt.groups(plan));
      String shortId = HEX.toHexDigits(mixed & ((1L << plan.bits()) - 1), 5);
      long proof = salt.proof().of(entry);
      List<String> expected =
          List.of(HEX.toHexDigits(hash), HEX.toHexDigits(mixed), shortId, HEX.toHexDigits(proof));
      assertEquals(expected, row.subList(1, 5));
    }
  }

  @Test
  void thePolynomialsAreThoseOfTheCode() {
    Map<Integer, Long> polynomials = new TreeMap<>();
    for (List<String> row : table("k ")) {
      for (int i = 0; i + 1 < row.size(); i += 2) {
        int bits = Integer.parseInt(row.get(i));
        long sum = (1L << bits) | 1;
        for (String power : row.get(i + 1).split(", ", 0)) {
          sum |= 1L << Integer.parseInt(power);
        }
        polynomials.put(bits, sum);
      }
    }
    Map<Integer, Long> inCode = new TreeMap<>();
    IntStream.rangeClosed(Plan.PIN_BITS_MIN, Field.BITS_MAX)
        .forEach(bits -> inCode.put(bits, new Field(bits).polynomial()));
    assertEquals(inCode, polynomials);
  }

  @Test
  void theLimitsAreThoseOfTheCode() {
    Map<String, String> inCode = new TreeMap<>();
    inCode.put("k", range(Plan.PIN_BITS_MIN, Field.BITS_MAX));
    inCode.put("groups", range(1, Plan.GROUPS_MAX));
    inCode.put("rows of power sums", range(1, Plan.PIN_ROWS_MAX));
    inCode.put("rows of erasure", range(1, Plan.ERASURE_WORDS_MAX));
    inCode.put("wants of a group", range(0, Plan.PIN_ROWS_MAX));
    inCode.put("ones in a rice", range(0, Bits.UNARY_MAX));
    inCode.put("rank", "0 … 2^31 - 2");
    inCode.put("points", range(1, ArcCut.POINTS_MAX));
    inCode.put("bytes of a sketch, as nodes plan it", range(1, Plan.SKETCH_BYTES_MAX));
    Map<String, String> inDocument = new TreeMap<>();
    table("of a comparison").forEach(row -> inDocument.put(row.get(0), row.get(1)));
    assertEquals(inCode, inDocument);
  }

  private static String range(int from, int to) {
    return String.format(Locale.ROOT, "%d … %,d", from, to);
  }

  @Test
  void theNumbersOfTheWordsAreThoseOfTheCode() {
    Plan plan = Plan.quick(1);
    Summary nothing = Summary.EMPTY;
    Map<String, SyncMessage> words = new TreeMap<>();
    words.put("Compare", new SyncMessage.Compare(1, false, nothing));
    words.put("Compare carefully", new SyncMessage.Compare(1, true, nothing));
    words.put("Again", new SyncMessage.Again(1, false, plan, Bytes.EMPTY));
    words.put("Again carefully", new SyncMessage.Again(1, true, plan, Bytes.EMPTY));
    words.put("Equal", new SyncMessage.Equal());
    words.put("Estimate", new SyncMessage.Estimate(0, List.of()));
    words.put("Turn", new SyncMessage.Turn(plan, Bytes.EMPTY));
    words.put("Sketches", new SyncMessage.Sketches(plan, 0, Bytes.EMPTY));
    words.put("Nothing", new SyncMessage.Nothing());
    words.put("Wants", new SyncMessage.Wants(false, 0, Bytes.EMPTY));
    words.put("Last wants", new SyncMessage.Wants(true, 0, Bytes.EMPTY));
    words.put("More", new SyncMessage.More(Bytes.EMPTY));
    words.put("Proved", new SyncMessage.Proved(0));
    words.put("Halve", new SyncMessage.Halve());
    words.put("Halves", new SyncMessage.Halves(List.of()));
    Map<String, String> inCode = new TreeMap<>();
    words.forEach(
        (word, message) ->
            inCode.put(word, Integer.toString(SyncCodec.encode(0, 1, message)[0] & 15)));
    Map<String, String> inDocument = new TreeMap<>();
    table("number").forEach(row -> inDocument.put(row.get(1), row.get(0)));
    assertEquals(inCode, inDocument);
  }
}
