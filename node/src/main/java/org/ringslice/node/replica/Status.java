package org.ringslice.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.MissingCopy;
import org.ringslice.messages.NodeStatus;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Shelf;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Locating;
import org.ringslice.node.ring.RollCall;
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

  static final String NO_WAY =
      "no way leads round the ring just now, so that not all nodes can be asked; try again";

  private static final String OTHER_RING = "it does not know the same nodes of the ring as others";

  /** Audits of this node that run at a time; one more is answered BUSY. */
  static final int AUDITS_MAX = 8;

  private final Self self;
  private final View view;
  private final Links links;
  private final Shelf shelf;
  private final Timers timers;
  private final Updater updater;
  private final Locating locating;
  private final Deferrals deferrals;
  private int audits;

  public Status(
      Self self,
      View view,
      Timers timers,
      Links links,
      Shelf shelf,
      Updater updater,
      Locating locating) {
    this.locating = locating;
    this.self = self;
    this.view = view;
    this.links = links;
    this.shelf = shelf;
    this.timers = timers;
    this.updater = updater;
    deferrals = new Deferrals(view);
  }

  public void onGetStatus(Inquiry inquiry, Message.GetStatus request, Turn turn) {
    if (audits >= AUDITS_MAX) {
      inquiry.refuse(ErrorCode.BUSY, "this node checks its copies already; ask again", turn);
    } else if (request.nodes().isEmpty()) {
      // it is given them; the names of 256 copies would be more bytes than all of these often are
      boolean asksForItself = request.holders().equals(List.of(inquiry.requestor()));
      audit(
          request.holders(),
          (status, copies, later) ->
              inquiry.answer(
                  new Message.StatusIs(
                      List.of(status), asksForItself ? List.of() : copies, self.id()),
                  later),
          turn);
    } else {
      locating.call(
          request.nodes().get(), turn, (call, later) -> ask(inquiry, request, call, later));
    }
  }

  private void ask(Inquiry inquiry, Message.GetStatus request, Optional<RollCall> call, Turn turn) {
    if (call.isPresent()) {
      new OfRing(inquiry, request.holders(), call.get()).start(turn);
    } else {
      inquiry.refuse(ErrorCode.UNREACHABLE, NO_WAY, turn);
    }
  }

  private void audit(List<Id> holders, Audit.Then then, Turn turn) {
    audits++;
    Audit.Then last =
        (status, copies, later) -> {
          audits--;
          then.go(status, copies, later);
        };
    Audit audit = new Audit(self, view, timers, shelf, updater, deferrals, last);
    if (holders.isEmpty()) {
      audit.ofAll(turn);
    } else {
      audit.of(holders.get(0), turn);
    }
  }

  /** What the nodes find. */
  private final class OfRing implements Asker {
    private final Inquiry inquiry;
    private final List<Id> holders;
    private final RollCall call;
    private final TreeMap<Id, NodeStatus> told = new TreeMap<>();
    private final List<MissingCopy> missing = new ArrayList<>();

    OfRing(Inquiry inquiry, List<Id> holders, RollCall call) {
      this.inquiry = inquiry;
      this.holders = holders;
      this.call = call;
    }

    void start(Turn turn) {
      endIfAllTold(turn);
      Message.GetStatus question = Message.GetStatus.held(holders);
      for (Id node : call.nodes()) {
        if (node.equals(self.id())) {
          audit(holders, this::found, turn);
        } else {
          links.ask(node, question, node, 0, TIMEOUT_NANOS, this, turn);
        }
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      Message.StatusIs is = (Message.StatusIs) answer;
      if (is.nodes().size() == 1 && is.nodes().get(0).id().equals(peer)) {
        found(is.nodes().get(0), is.missing(), turn);
      } else {
        found(NodeStatus.silent(peer, "it did not tell how it stands"), List.of(), turn);
      }
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      found(NodeStatus.silent(peer, failure.sentence()), List.of(), turn);
    }

    private void found(NodeStatus status, List<MissingCopy> copies, Turn turn) {
      boolean isInDoubt = status.why().isEmpty() && !call.agrees(status.id(), status.viewDigest());
      told.put(status.id(), isInDoubt ? status.because(OTHER_RING) : status);
      copies.stream().limit(Limits.MISSING_MAX - missing.size()).forEach(missing::add);
      endIfAllTold(turn);
    }

    private void endIfAllTold(Turn turn) {
      if (told.size() == call.nodes().size()) {
        List<NodeStatus> nodes = call.nodes().stream().map(told::get).toList();
        inquiry.answer(new Message.StatusIs(nodes, missing, call.until()), turn);
      }
    }
  }
}
