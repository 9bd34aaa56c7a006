package org.ringslice.node.folder;

import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Limits;

/** Endpoints as words of a line: {@code host controlPort bulkPort}. */
final class EndpointText {
  private EndpointText() {}

  /**
   * Whether an endpoint can be written: hosts come from other nodes, and may be no hosts at all.
   */
  static boolean isWritable(Endpoint endpoint) {
    return endpoint
        .host()
        .codePoints()
        .noneMatch(c -> c <= ' ' || Character.isISOControl(c) || isSpace(c));
  }

  private static boolean isSpace(int codePoint) {
    return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
  }

  static String write(Endpoint endpoint) {
    return endpoint.host() + " " + endpoint.controlPort() + " " + endpoint.bulkPort();
  }

  /** Reads the endpoints that words are, three words each, from a place on. */
  static List<Endpoint> read(String[] words, int from) throws DamagedException {
    int count = (words.length - from) / 3;
    if ((words.length - from) % 3 != 0 || count > Limits.ENDPOINTS_MAX) {
      throw new DamagedException("it has a list of endpoints that is none");
    }
    List<Endpoint> endpoints = new ArrayList<>(count);
    try {
      for (int i = from; i < words.length; i += 3) {
        int controlPort = Integer.parseInt(words[i + 1]);
        endpoints.add(new Endpoint(words[i], controlPort, Integer.parseInt(words[i + 2])));
      }
    } catch (IllegalArgumentException e) {
      throw new DamagedException("it has an endpoint that is none");
    }
    return endpoints;
  }

  static void addAll(KeyValues values, List<Endpoint> endpoints) {
    endpoints.stream()
        .filter(EndpointText::isWritable)
        .forEach(e -> values.add("endpoint", write(e)));
  }

  static List<Endpoint> all(KeyValues values) throws DamagedException {
    List<String> lines = values.all("endpoint");
    return lines.isEmpty() ? List.of() : read(String.join(" ", lines).split(" ", -1), 0);
  }
}
