package org.ringslice.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds {@code PROTOCOL.md} against the code, so that neither can change without the other. */
class SpecificationTest {
  private static final Specification DOCUMENT = Specification.read();
  private static final Map<String, Envelope> EXPECTED = Examples.all();

  static Stream<String> names() {
    return DOCUMENT.examples().keySet().stream();
  }

  static Stream<String> readableNames() {
    return names().filter(name -> !(EXPECTED.get(name).message() instanceof Message.Unreadable));
  }

  @Test
  void theExamplesAreThoseThatAreExpected() {
    assertEquals(EXPECTED.keySet(), DOCUMENT.examples().keySet());
  }

  @ParameterizedTest
  @MethodSource("names")
  void theBytesOfAnExampleDecodeToWhatItSays(String name) throws ProtocolException {
    assertEquals(EXPECTED.get(name), new Decoder().decode(DOCUMENT.examples().get(name)));
  }

  @ParameterizedTest
  @MethodSource("readableNames")
  void whatAnExampleSaysEncodesToItsBytes(String name) {
    String encoded = hex(new Encoder().encode(EXPECTED.get(name)));
    assertEquals(hex(DOCUMENT.examples().get(name)), encoded);
  }

  @Test
  void eachTypeHasARequestAndAnAnswerAsExamples() {
    for (String name : DOCUMENT.table("type").column("name")) {
      assertTrue(DOCUMENT.examples().containsKey(name + " request"), name + " has no request");
      assertTrue(DOCUMENT.examples().containsKey(name + " answer"), name + " has no answer");
    }
  }

  @Test
  void eachRecordOfAMessageOccursInTheExamples() {
    Set<Class<?>> shown =
        EXPECTED.values().stream().map(e -> e.message().getClass()).collect(Collectors.toSet());
    assertEquals(leaves(Message.class).collect(Collectors.toSet()), shown);
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    Class<?>[] permitted = type.getPermittedSubclasses();
    return permitted == null
        ? Stream.of(type)
        : Arrays.stream(permitted).flatMap(SpecificationTest::leaves);
  }

  @ParameterizedTest
  @MethodSource("readableNames")
  void theTablesOfFieldsAreAsLongAsTheArraysOfTheExample(String name) {
    Frames frames = DOCUMENT.examples().get(name);
    String table = name.endsWith(" error") ? "Error" : name.replace("GetNext", "GetPrev");
    assertEquals(fields(frames.body()), rows(table));
    assertEquals(fields(frames.header()), rows("Header"));
  }

  private static int rows(String table) {
    return DOCUMENT.table(table).rows().size();
  }

  private static int fields(Bytes frame) {
    return frame.asBuffer().get(0) & 0x0f;
  }

  @Test
  void theLimitsAreThoseOfTheCode() throws IllegalAccessException {
    Map<String, String> inCode = new TreeMap<>();
    for (Field field : Limits.class.getFields()) {
      assertTrue(Modifier.isStatic(field.getModifiers()), field.getName());
      inCode.put(field.getName(), String.format(Locale.ROOT, "%,d", field.getLong(null)));
    }
    assertEquals(inCode, pairs("limit", "limit", "value"));
  }

  @Test
  void theTypesAreThoseOfTheCode() {
    Map<String, String> inCode = new TreeMap<>();
    for (Type type : Type.values()) {
      inCode.put(Integer.toString(type.code()), type.name());
    }
    Map<String, String> inDocument = pairs("type", "type", "name");
    inDocument.replaceAll((code, name) -> constantName(name));
    assertEquals(inCode, inDocument);
  }

  @Test
  void whoMaySendWhatAndOnWhichLaneIsSaidAsItIs() {
    Map<String, String> senders = new TreeMap<>();
    Map<String, String> lanes = new TreeMap<>();
    for (Type type : Type.values()) {
      boolean both = type.maySend(Role.PEER) && type.maySend(Role.CLIENT);
      String either = type.maySend(Role.PEER) ? "peers" : "clients";
      senders.put(Integer.toString(type.code()), both ? "both" : either);
      // it opens the connections of both
      lanes.put(Integer.toString(type.code()), type == Type.GET_ID ? "both" : type.lane().name());
    }
    assertEquals(senders, pairs("type", "type", "from"));
    assertEquals(lanes, pairs("type", "type", "lane"));
  }

  private static String constantName(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }

  @Test
  void theErrorsAreThoseOfTheCode() {
    Map<String, String> names = new TreeMap<>();
    Map<String, String> retries = new TreeMap<>();
    for (ErrorCode code : ErrorCode.values()) {
      names.put(Integer.toString(code.code()), code.name());
      retries.put(Integer.toString(code.code()), code.isWorthRetrying() ? "yes" : "no");
    }
    assertEquals(names, pairs("code", "code", "name"));
    assertEquals(retries, pairs("code", "code", "retry"));
  }

  @Test
  void theStatesAreThoseOfTheCode() {
    Map<String, String> onRing = new TreeMap<>();
    for (PeerState state : PeerState.values()) {
      onRing.put(Integer.toString(state.code()), state.isOnRing() ? "yes" : "no");
    }
    assertEquals(numbered(PeerState.values()), pairs("state", "state", "name"));
    assertEquals(onRing, pairs("state", "state", "on the ring"));
  }

  @Test
  void theOtherNumbersAreThoseOfTheCode() {
    assertEquals(numbered(Header.Form.values()), pairs("form", "form", "name"));
    assertEquals(numbered(Role.values()), pairs("role", "role", "name"));
    assertEquals(numbered(Kind.values()), pairs("kind", "kind", "name"));
    assertEquals(numbered(Receipt.Outcome.values()), pairs("outcome", "outcome", "name"));
    assertEquals(numbered(Message.Scope.values()), pairs("scope", "scope", "name"));
    assertEquals(numbered(Message.Intent.values()), pairs("intent", "intent", "name"));
    assertEquals(numbered(Message.Giving.values()), pairs("giving", "giving", "name"));
    assertEquals(numbered(Message.Progress.values()), pairs("progress", "progress", "name"));
    assertEquals(numbered(How.values()), pairs("how", "how", "name"));
    assertEquals(numbered(Route.Relation.values()), pairs("relation", "relation", "name"));
    assertEquals(numbered(Nature.values()), pairs("nature", "nature", "name"));
    Map<String, String> features = new TreeMap<>();
    for (Feature feature : Feature.values()) {
      features.put(Integer.toString(feature.code()), feature.name());
    }
    assertEquals(features, pairs("feature", "feature", "name"));
    assertEquals(numbered(Channel.values()), pairs("channel", "channel", "name"));
  }

  @Test
  void noNameInCapitalsIsUnknownToTheCode() {
    Set<String> known = new TreeSet<>(pairs("limit", "limit", "value").keySet());
    known.addAll(DOCUMENT.table("code").column("name"));
    Matcher matcher = Pattern.compile("\\b[A-Z]+(?:_[A-Z]+)+\\b").matcher(DOCUMENT.text());
    List<String> unknown = new ArrayList<>();
    while (matcher.find()) {
      if (!known.contains(matcher.group())) {
        unknown.add(matcher.group());
      }
    }
    assertEquals(List.of(), unknown);
  }

  @Test
  void theHomesOfTheExampleAreWhatTheRuleGives() {
    Specification.Table table = DOCUMENT.table("mask");
    List<Id> nodes = List.of(Examples.A, Examples.B, Examples.C, Examples.D);
    for (int mask = 0; mask < 4; mask++) {
      int reversed = (mask & 1) << 1 | mask >> 1;
      Id home = Examples.HELLO.id();
      for (int k = 0; k < reversed; k++) {
        home = home.plus(Id.powerOfTwo(Id.BITS - 2));
      }
      Id point = home;
      Id owner =
          nodes.stream().min((x, y) -> x.minus(point).compareTo(y.minus(point))).orElseThrow();
      assertEquals(home.toString(), table.column("home").get(mask));
      assertEquals(owner.toString(), table.column("owner").get(mask));
    }
  }

  @Test
  void theViewDigestOfTheExampleIsWhatTheRuleGives() {
    Message.ExchangeView view =
        (Message.ExchangeView) EXPECTED.get("ExchangeView request").message();
    Message.Heartbeat beat = (Message.Heartbeat) EXPECTED.get("Heartbeat request").message();
    long digest = 0;
    for (Peer peer : view.peers()) {
      long state = 8 * peer.incarnation() + peer.state().code() + 1;
      long z = peer.id().topBits() + 0x9e3779b97f4a7c15L * state;
      long b = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      long c = (b ^ (b >>> 27)) * 0x94d049bb133111ebL;
      digest += c ^ (c >>> 31);
    }
    assertEquals(beat.viewDigest(), digest);
  }

  private static Map<String, String> pairs(String table, String keys, String values) {
    List<String> left = DOCUMENT.table(table).column(keys);
    List<String> right = DOCUMENT.table(table).column(values);
    return IntStream.range(0, left.size())
        .boxed()
        .collect(Collectors.toMap(left::get, right::get, (x, y) -> x + " and " + y, TreeMap::new));
  }

  private static Map<String, String> numbered(Enum<?>[] constants) {
    Map<String, String> numbered = new TreeMap<>();
    for (Enum<?> constant : constants) {
      numbered.put(Integer.toString(constant.ordinal()), constant.name());
    }
    return numbered;
  }

  private static String hex(Frames frames) {
    StringBuilder hex = new StringBuilder();
    hex.append("header  ").append(hex(frames.header()));
    hex.append("\nbody    ").append(hex(frames.body()));
    frames.payload().forEach(frame -> hex.append("\npayload ").append(hex(frame)));
    return hex.toString();
  }

  private static String hex(Bytes bytes) {
    return HexFormat.of().formatHex(bytes.toArray());
  }
}
