package org.ringslice.tools;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ringslice.messages.Id;
import org.ringslice.messages.KnownPeer;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.MissingCopy;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.PeerState;
import org.ringslice.node.runtime.Access;

/**
 * What the nodes of a ring found, summed up, in the words in which people and scripts are told.
 *
 * @param sizeBytes of the items with all their copies
 * @param underReplicated items that lack copies
 * @param syncing nodes that lack copies, or join, and are being given them
 * @param toGoBytes of copies that are under way, as far as is known
 * @param missing at most {@link Limits#MISSING_MAX} copies
 * @param unsure nodes that did not tell all, and why
 */
record RingStatus(
    int nodes,
    long items,
    long sizeBytes,
    long underReplicated,
    int syncing,
    long toGoBytes,
    List<MissingCopy> missing,
    List<NodeStatus> unsure) {

  /** Items of one reason that are named; the others are counted. */
  private static final int NAMED_MAX = 3;

  /** Asks for it. */
  static RingStatus of(Access access) {
    List<Message.StatusIs> parts = ClientCommand.await(access.status());
    return of(parts, ClientCommand.await(access.view()));
  }

  /**
   * @param parts of the ring
   * @param view of the node that was asked
   */
  static RingStatus of(List<Message.StatusIs> parts, List<KnownPeer> view) {
    Map<Id, PeerState> states = new HashMap<>();
    view.forEach(known -> states.put(known.peer().id(), known.peer().state()));
    List<MissingCopy> missing =
        parts.stream().flatMap(part -> part.missing().stream()).limit(Limits.MISSING_MAX).toList();
    Set<Id> syncing = new HashSet<>();
    missing.stream()
        .map(MissingCopy::holder)
        // of a large ring not all are known to the node that was asked
        .filter(holder -> states.getOrDefault(holder, PeerState.ACTIVE) == PeerState.ACTIVE)
        .forEach(syncing::add);
    states.forEach(
        (id, state) -> {
          if (state == PeerState.JOINING) {
            syncing.add(id);
          }
        });
    List<NodeStatus> nodes = parts.stream().flatMap(part -> part.nodes().stream()).toList();
    return new RingStatus(
        nodes.size(),
        nodes.stream().mapToLong(NodeStatus::counted).sum(),
        nodes.stream().mapToLong(NodeStatus::sizeBytes).sum(),
        nodes.stream().mapToLong(NodeStatus::missing).sum(),
        syncing.size(),
        nodes.stream().mapToLong(NodeStatus::toGoBytes).sum(),
        missing,
        nodes.stream().filter(node -> !node.why().isEmpty()).toList());
  }

  boolean isFullyReplicated() {
    return underReplicated == 0 && unsure.isEmpty() && syncing == 0 && toGoBytes == 0;
  }

  /** Whether it is an answer: who did not tell all could have known of a missing copy. */
  boolean isSure() {
    return underReplicated > 0 || unsure.isEmpty();
  }

  /** On one line. */
  String summary() {
    String all = String.join(", ", Words.count(nodes, "node"), Words.count(items, "item"));
    return all + ", " + verdict() + (toGoBytes > 0 ? ", " + Sizes.of(toGoBytes) + " to go" : "");
  }

  private String verdict() {
    if (isFullyReplicated()) {
      return "fully replicated";
    }
    return underReplicated > 0
        ? Words.count(underReplicated, "item")
            + (underReplicated == 1 ? " lacks copies" : " lack copies")
        : "no copy is known to be missing, but " + doubt();
  }

  /** Why nothing is missing and not all is well. */
  String doubt() {
    if (!unsure.isEmpty()) {
      return Words.count(unsure.size(), "node") + " did not tell all";
    }
    return syncing > 0
        ? Words.count(syncing, "node") + (syncing == 1 ? " joins" : " join")
        : "copies are still under way";
  }

  /**
   * On several: what is missing where, and why.
   *
   * @param listedMax reasons that are listed
   */
  List<String> lines(int listedMax) {
    List<String> lines = new ArrayList<>();
    String all = Words.count(nodes, "node") + ", " + Words.count(items, "item");
    lines.add(all + ", " + Sizes.of(sizeBytes) + " counting every copy");
    if (isFullyReplicated()) {
      lines.add("fully replicated: every item has all its copies");
      return lines;
    }
    lines.add("not fully replicated: " + verdict() + (underReplicated > 0 ? remedy() : ""));
    if (toGoBytes > 0) {
      lines.add("copies are under way: " + Sizes.of(toGoBytes) + " to go");
    }
    Map<String, List<Id>> byReason = new LinkedHashMap<>();
    for (MissingCopy copy : missing) {
      String reason = "missing at " + copy.holder() + ": " + copy.why();
      byReason.computeIfAbsent(reason, none -> new ArrayList<>()).add(copy.item());
    }
    byReason.entrySet().stream()
        .limit(listedMax)
        .forEach(each -> lines.add("  " + some(each.getValue()) + "  " + each.getKey()));
    if (byReason.size() > listedMax || missing.size() == Limits.MISSING_MAX) {
      lines.add("  and more");
    }
    unsure.stream()
        .limit(listedMax)
        .forEach(node -> lines.add("  node " + node.id() + " did not tell all: " + node.why()));
    if (unsure.size() > listedMax) {
      lines.add("  nor did " + Words.count(unsure.size() - listedMax, "other"));
    }
    return lines;
  }

  /** {@code 3f2a81c0, 77aa0123 and 17 others}. */
  private static String some(List<Id> items) {
    String named = items.stream().limit(NAMED_MAX).map(Id::toString).collect(joining(", "));
    int others = items.size() - NAMED_MAX;
    return others <= 0 ? named : named + " and " + Words.count(others, "other");
  }

  private String remedy() {
    return switch (syncing) {
      case 0 -> "";
      case 1 -> "; 1 node lacks some";
      default -> "; " + syncing + " nodes lack some";
    };
  }

  Json json() {
    return new Json()
        .put("nodes", nodes)
        .put("items", items)
        .put("size", sizeBytes)
        .put("fully_replicated", isFullyReplicated())
        .put("under_replicated", underReplicated)
        .put("syncing", syncing)
        .put("to_go_bytes", toGoBytes)
        .putObjects(
            "missing",
            missing.stream()
                .map(
                    copy ->
                        new Json()
                            .put("item", copy.item())
                            .put("holder", copy.holder())
                            .put("why", copy.why()))
                .toList())
        .putObjects(
            "unsure",
            unsure.stream()
                .map(node -> new Json().put("node", node.id()).put("why", node.why()))
                .toList());
  }
}
