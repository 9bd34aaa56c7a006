package org.ringslice.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.NodeHealth;
import org.ringslice.node.port.RefusedException;
import org.ringslice.node.runtime.Access;

/**
 * How far it can be believed what the nodes of a ring say of their copies, summed up.
 *
 * @param lost items that were held lately and are held by nobody now, at least: nodes that held the
 *     same one count it each
 * @param lostItems of these, those that are named
 * @param damaged copies that were found damaged and are not made good yet
 * @param damagedAt the nodes that have some
 * @param unverifiedBytes of copies that were not read since their files were opened or last written
 * @param verifying nodes that verify all they have, since their stop was unclean
 * @param silent nodes that told how they stand, but not this, and why
 * @param unknown nodes whose version does not tell it
 */
record RingHealth(
    long lost,
    List<Id> lostItems,
    long damaged,
    List<NodeHealth> damagedAt,
    long unverifiedBytes,
    List<NodeHealth> verifying,
    List<NodeHealth> silent,
    List<Id> unknown) {

  /**
   * Asks for it.
   *
   * @param telling the nodes that told how they stand
   */
  static RingHealth of(Access access, List<Id> telling) {
    try {
      return of(ClientCommand.await(access.health()), telling);
    } catch (RefusedException e) {
      if (e.code() == ErrorCode.UNKNOWN_TYPE) {
        return of(List.of(), telling);
      }
      throw e;
    }
  }

  static RingHealth of(List<Message.HealthIs> parts, List<Id> telling) {
    List<NodeHealth> nodes = parts.stream().flatMap(part -> part.nodes().stream()).toList();
    Set<Id> stood = new TreeSet<>(telling);
    Set<Id> unknown = new TreeSet<>(telling);
    nodes.forEach(node -> unknown.remove(node.id()));
    TreeSet<Id> lostItems = new TreeSet<>();
    nodes.forEach(node -> lostItems.addAll(node.firstLost()));
    return new RingHealth(
        Math.max(lostItems.size(), nodes.stream().mapToLong(NodeHealth::lost).max().orElse(0)),
        List.copyOf(lostItems),
        nodes.stream().mapToLong(NodeHealth::damaged).sum(),
        nodes.stream().filter(node -> node.damaged() > 0).toList(),
        nodes.stream().mapToLong(NodeHealth::unverifiedBytes).sum(),
        nodes.stream().filter(NodeHealth::uncleanStop).toList(),
        nodes.stream().filter(node -> !node.why().isEmpty() && stood.contains(node.id())).toList(),
        List.copyOf(unknown));
  }

  /** Whether nothing is known to be wrong; of what can't tell, nothing is. */
  boolean isGood() {
    return lost == 0 && damaged == 0 && verifying.isEmpty() && silent.isEmpty();
  }

  /** Of what is not good, the worst; none when all is. */
  String worst() {
    if (lost > 0) {
      return (isAllNamed() ? "" : "at least ") + Words.count(lost, "item") + isOrAre(lost) + "lost";
    } else if (damaged > 0) {
      return Words.count(damaged, "copy", "copies")
          + (damaged == 1 ? " was" : " were")
          + " found damaged and "
          + (damaged == 1 ? "is" : "are")
          + " not made good yet";
    } else if (!verifying.isEmpty()) {
      long toGo = verifying.stream().mapToLong(NodeHealth::unverifiedBytes).sum();
      return Words.count(verifying.size(), "node")
          + (verifying.size() == 1 ? " verifies its copies" : " verify their copies")
          + " after an unclean stop, "
          + Sizes.of(toGo)
          + " to go";
    }
    return silent.isEmpty()
        ? ""
        : Words.count(silent.size(), "node") + " did not tell whether its copies are good";
  }

  private static String isOrAre(long count) {
    return count == 1 ? " is " : " are ";
  }

  private boolean isAllNamed() {
    return lost == lostItems.size();
  }

  /** Of what is lost; none when nothing is. */
  List<String> lostLines(int listedMax) {
    if (lost == 0) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "lost: "
            + (isAllNamed() ? "" : "at least ")
            + Words.count(lost, "item")
            + " that nodes held lately "
            + (lost == 1 ? "is" : "are")
            + " held by nobody now; store "
            + (lost == 1 ? "it" : "them")
            + " again, or start the nodes that had "
            + (lost == 1 ? "it" : "them"));
    lostItems.stream().limit(listedMax).forEach(item -> lines.add("  " + item.toHex()));
    if (lost > Math.min(lostItems.size(), listedMax)) {
      lines.add("  and more");
    }
    return lines;
  }

  /** Of each node that is not well, or does not tell. */
  List<String> nodeLines(int listedMax) {
    Stream<String> ofDamage =
        damagedAt.stream()
            .map(
                node ->
                    "  node "
                        + node.id()
                        + ": "
                        + Words.count(node.damaged(), "copy", "copies")
                        + (node.damaged() == 1 ? " was" : " were")
                        + " found damaged and "
                        + (node.damaged() == 1 ? "is" : "are")
                        + " not made good yet: "
                        + Words.some(node.firstDamaged(), node.damaged()));
    Stream<String> ofVerifying =
        verifying.stream()
            .map(
                node ->
                    "  node "
                        + node.id()
                        + " verifies its copies after an unclean stop: "
                        + Sizes.of(node.unverifiedBytes())
                        + " to go");
    Stream<String> ofSilence =
        silent.stream()
            .map(
                node ->
                    "  node "
                        + node.id()
                        + " did not tell whether its copies are good: "
                        + node.why());
    List<String> all = Stream.of(ofDamage, ofVerifying, ofSilence).flatMap(each -> each).toList();
    List<String> lines = new ArrayList<>(all.stream().limit(listedMax).toList());
    if (all.size() > listedMax) {
      lines.add("  and " + Words.count(all.size() - listedMax, "line") + " more like these");
    }
    if (!unknown.isEmpty()) {
      lines.add(
          "whether bytes are good is not known of "
              + Words.count(unknown.size(), "node")
              + " of an older version: "
              + Words.some(unknown, unknown.size()));
    }
    return lines;
  }

  List<Json> damagedObjects() {
    return damagedAt.stream()
        .map(
            node ->
                new Json()
                    .put("node", node.id())
                    .put("count", node.damaged())
                    .putIds("items", node.firstDamaged()))
        .toList();
  }

  List<Json> verifyingObjects() {
    return verifying.stream()
        .map(node -> new Json().put("node", node.id()).put("to_go_bytes", node.unverifiedBytes()))
        .toList();
  }

  List<Json> silentObjects() {
    return silent.stream()
        .map(node -> new Json().put("node", node.id()).put("why", node.why()))
        .toList();
  }
}
