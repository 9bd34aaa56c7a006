package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.MissingCopy;
import org.ringslice.messages.NodeStatus;
import org.ringslice.messages.PeerState;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.View;

/**
 * Holds everything that is held here against what the other holders say that they have, and tells
 * what is missing. Each item is told of by one node, the first of its holders that has it, so that
 * what all nodes tell adds up. What was found missing is handed to {@link Repair}.
 */
final class Audit implements Sweep.Visitor {
  /** What to do with what was found. */
  @FunctionalInterface
  interface Then {
    /**
     * @param status whose {@code why} tells when it is not the whole truth
     */
    void go(NodeStatus status, List<MissingCopy> copies, Turn turn);
  }

  private final Then then;
  private final List<Id> asked;
  private final Self self;
  private final View view;
  private final Links links;
  private final Repair repair;
  private final Sweep sweep;
  private final long viewDigest;

  private long items;
  private long sizeBytes;
  private long counted;
  private long missing;
  private final List<MissingCopy> copies = new ArrayList<>();

  /**
   * @param asked whose copies are looked at; all, when it is empty
   */
  Audit(List<Id> asked, Self self, View view, Links links, Shelf shelf, Repair repair, Then then) {
    this.then = then;
    this.asked = asked;
    this.self = self;
    this.view = view;
    this.links = links;
    this.repair = repair;
    this.sweep = new Sweep(shelf, this);
    this.viewDigest = view.digest();
  }

  void start(Turn turn) {
    sweep.next(turn);
  }

  @Override
  public void visit(List<EntryInfo> batch, Turn turn) {
    items += batch.size();
    batch.forEach(item -> sizeBytes += item.size());
    List<Id> ids = batch.stream().map(EntryInfo::id).toList();
    Inspection.of(
        ids,
        self.id(),
        holder -> asked.isEmpty() || asked.contains(holder),
        view,
        links,
        turn,
        (findings, silent, later) -> {
          repair.due(note(findings, silent), later);
          sweep.next(later);
        });
  }

  /** Returns what is missing, and is this node's to see to. */
  private List<Id> note(List<Inspection.Finding> findings, SortedMap<Id, String> silent) {
    List<Id> lacking = new ArrayList<>();
    for (Inspection.Finding finding : findings) {
      List<Id> absent = finding.missing().stream().filter(this::isAsked).toList();
      // of holders that were not asked it is not known whether one of them comes before this node
      if (!asked.isEmpty() || finding.isMatterOf(self.id())) {
        counted++;
        if (!absent.isEmpty()) {
          missing++;
          lacking.add(finding.item());
        }
        absent.forEach(holder -> tell(finding.item(), holder, silent.get(holder)));
      }
    }
    return lacking;
  }

  private boolean isAsked(Id holder) {
    return asked.isEmpty() || asked.contains(holder);
  }

  private void tell(Id item, Id holder, String silence) {
    if (copies.size() < Limits.MISSING_MAX) {
      String why = silence != null ? silence : why(holder, view.state(holder), repair);
      copies.add(new MissingCopy(item, holder, why));
    }
  }

  /** Why a node does not have what it should have, as far as this one knows. */
  static String why(Id holder, PeerState state, Repair repair) {
    return repair
        .troubleWith(holder)
        .orElse(
            switch (state) {
              case JOINING -> "it joins, and is being given its share";
              case SUSPECTED -> "it does not answer";
              case ACTIVE, DEAD, LEFT -> "it lacks it; the copy is on its way";
            });
  }

  @Override
  public void swept(Optional<String> failure, Turn turn) {
    NodeStatus status =
        new NodeStatus(
            self.id(), items, sizeBytes, counted, missing, viewDigest, failure.orElse(""));
    then.go(status, copies, turn);
  }
}
