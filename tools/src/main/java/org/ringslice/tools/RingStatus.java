package org.ringslice.tools;

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
 * @param wanted copies that each item is to have where there are as many nodes
 * @param health how far all that can be believed
 */
record RingStatus(
    int nodes,
    long items,
    long sizeBytes,
    long underReplicated,
    int syncing,
    long toGoBytes,
    List<MissingCopy> missing,
    List<NodeStatus> unsure,
    int wanted,
    RingHealth health) {

  /** Asks for it. */
  static RingStatus of(Access access) {
    List<Message.StatusIs> parts = ClientCommand.await(access.status());
    List<Id> telling =
        parts.stream()
            .flatMap(part -> part.nodes().stream())
            .filter(node -> node.why().isEmpty())
            .map(NodeStatus::id)
            .toList();
    // what comes to light in the meantime is told of rather than missed
    RingHealth health = RingHealth.of(access, telling);
    int wanted = 1 << ClientCommand.await(access.identity()).maskBits();
    return of(parts, ClientCommand.await(access.view()), wanted, health);
  }

  /**
   * @param parts of the ring
   * @param view of the node that was asked
   */
  static RingStatus of(
      List<Message.StatusIs> parts, List<KnownPeer> view, int wanted, RingHealth health) {
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
        nodes.stream().filter(node -> !node.why().isEmpty()).toList(),
        wanted,
        health);
  }

  /**
   * Whether every item has all the copies that this ring can hold, as far as is known, and so many
   * that it outlives any one node, where it is to have more than one.
   */
  boolean isFullyReplicated() {
    return underReplicated == 0
        && unsure.isEmpty()
        && syncing == 0
        && toGoBytes == 0
        && health.isGood()
        && !isAlone();
  }

  /** Whether nothing has a second copy for the only reason that there is no second node. */
  private boolean isAlone() {
    return nodes < 2 && nodesLacking() > 0;
  }

  /** By how many nodes the ring is too small to hold all copies that are wanted. */
  int nodesLacking() {
    return Math.max(0, wanted - nodes);
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

  private String fewerNodes() {
    return "there are fewer nodes than copies wanted, " + nodes + " of " + wanted;
  }

  private String verdict() {
    if (isFullyReplicated()) {
      return "fully replicated" + (nodesLacking() > 0 ? ", " + fewerNodes() : "");
    } else if (health.lost() > 0) {
      return health.worst();
    } else if (underReplicated > 0) {
      return Words.count(underReplicated, "item")
          + (underReplicated == 1 ? " lacks copies" : " lack copies");
    } else if (isDoubtful() && health.damaged() == 0) {
      return "no copy is known to be missing, but " + doubt();
    }
    return health.isGood()
        ? fewerNodes() + ", so that one node alone has every item"
        : "no copy is missing by what the nodes' indexes say, but " + health.worst();
  }

  private boolean isDoubtful() {
    return !unsure.isEmpty() || syncing > 0 || toGoBytes > 0;
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
    lines.addAll(health.lostLines(listedMax));
    lines.add(sentence());
    if (nodesLacking() > 0 && !sentence().contains(fewerNodes())) {
      lines.add(fewerNodes());
    }
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
        .forEach(
            each ->
                lines.add(
                    "  "
                        + Words.some(each.getValue(), each.getValue().size())
                        + "  "
                        + each.getKey()));
    if (byReason.size() > listedMax || missing.size() == Limits.MISSING_MAX) {
      lines.add("  and more");
    }
    unsure.stream()
        .limit(listedMax)
        .forEach(node -> lines.add("  node " + node.id() + " did not tell all: " + node.why()));
    if (unsure.size() > listedMax) {
      lines.add("  nor did " + Words.count(unsure.size() - listedMax, "other"));
    }
    lines.addAll(health.nodeLines(listedMax));
    return lines;
  }

  /** Whether all is well, and if not, why, for people. */
  String sentence() {
    if (!isFullyReplicated()) {
      return "not fully replicated: " + verdict() + (underReplicated > 0 ? remedy() : "");
    }
    return nodesLacking() == 0
        ? "fully replicated: every item has all its copies"
        : "fully replicated: every item has all the copies that this ring can hold, "
            + Words.count(nodes, "copy", "copies")
            + " each; "
            + fewerNodes();
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
        .put("wanted", wanted)
        .put("nodes_lacking", nodesLacking())
        .put("lost", health.lost())
        .put("damaged", health.damaged())
        .put("unverified_bytes", health.unverifiedBytes())
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
                .toList())
        .putIds("lost_items", health.lostItems())
        .putObjects("damaged_at", health.damagedObjects())
        .putObjects("verifying", health.verifyingObjects())
        .putObjects("health_not_told", health.silentObjects())
        .putIds("health_unknown", health.unknown());
  }
}
