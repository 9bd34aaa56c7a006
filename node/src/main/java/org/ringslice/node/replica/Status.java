package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Message.Scope;
import org.ringslice.messages.MissingCopy;
import org.ringslice.messages.NodeStatus;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;
import org.ringslice.node.ring.View;

/**
 * Tells whether everything has all its copies: not what was believed last, but what each node finds
 * now, when it holds what it has against the others.
 */
public final class Status {
  /** For a node to go through all that it has. A guess: longer than people wait. */
  private static final long TIMEOUT_NANOS = 60_000_000_000L;

  private static final String TOO_MANY_NODES =
      "this ring has more nodes than a node knows by name, so it can't tell of all; 'size' estimates"
          + " them, and 'explain' tells of an item";

  /** Audits of this node that run at a time; one more is answered BUSY. */
  static final int AUDITS_MAX = 8;

  private final Self self;
  private final View view;
  private final Links links;
  private final Shelf shelf;
  private final Timers timers;
  private final Updater updater;
  private int audits;

  public Status(Self self, View view, Timers timers, Links links, Shelf shelf, Updater updater) {
    this.self = self;
    this.view = view;
    this.links = links;
    this.shelf = shelf;
    this.timers = timers;
    this.updater = updater;
  }

  public void onGetStatus(Inquiry inquiry, Message.GetStatus request, Turn turn) {
    if (audits >= AUDITS_MAX) {
      inquiry.refuse(ErrorCode.BUSY, "this node checks its copies already; ask again", turn);
    } else if (request.scope() == Scope.HELD) {
      // it is given them; the names of 256 copies would be more bytes than all of these often are
      boolean asksForItself = request.holders().equals(List.of(inquiry.requestor()));
      audit(
          request.holders(),
          (status, copies, later) ->
              inquiry.answer(
                  new Message.StatusIs(List.of(status), asksForItself ? List.of() : copies), later),
          turn);
    } else if (!view.hasEverybody()) {
      // nodes that are not asked may lack something
      inquiry.refuse(ErrorCode.TOO_LARGE, TOO_MANY_NODES, turn);
    } else {
      new OfRing(inquiry, request.holders()).start(turn);
    }
  }

  private void audit(List<Id> holders, Audit.Then then, Turn turn) {
    audits++;
    Audit.Then last =
        (status, copies, later) -> {
          audits--;
          then.go(status, copies, later);
        };
    Audit audit = new Audit(self, view, timers, shelf, updater, last);
    if (holders.isEmpty()) {
      audit.ofAll(turn);
    } else {
      audit.of(holders.get(0), turn);
    }
  }

  /** What all nodes find. */
  private final class OfRing implements Asker {
    private final Inquiry inquiry;
    private final List<Id> holders;
    private final List<NodeStatus> nodes = new ArrayList<>();
    private final List<MissingCopy> missing = new ArrayList<>();
    private int unanswered;

    OfRing(Inquiry inquiry, List<Id> holders) {
      this.inquiry = inquiry;
      this.holders = holders;
    }

    void start(Turn turn) {
      List<Id> all = view.present().nodes();
      unanswered = all.size();
      Message.GetStatus question = new Message.GetStatus(Scope.HELD, holders);
      for (Id node : all) {
        if (node.equals(self.id())) {
          audit(holders, (status, copies, later) -> found(List.of(status), copies, later), turn);
        } else {
          links.ask(node, Lane.CONTROL, question, node, 0, TIMEOUT_NANOS, this, turn);
        }
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      Message.StatusIs is = (Message.StatusIs) answer;
      if (is.nodes().size() != 1 || !is.nodes().get(0).id().equals(peer)) {
        String why = "it did not tell how it stands";
        found(List.of(NodeStatus.silent(peer, why)), List.of(), turn);
        return;
      }
      found(is.nodes(), is.missing(), turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      found(List.of(NodeStatus.silent(peer, failure.sentence())), List.of(), turn);
    }

    private void found(List<NodeStatus> statuses, List<MissingCopy> copies, Turn turn) {
      statuses.stream().limit(Limits.PEERS_MAX - nodes.size()).forEach(nodes::add);
      copies.stream().limit(Limits.MISSING_MAX - missing.size()).forEach(missing::add);
      unanswered--;
      if (unanswered == 0) {
        nodes.sort(Comparator.comparing(NodeStatus::id));
        inquiry.answer(new Message.StatusIs(nodes, missing), turn);
      }
    }
  }
}
