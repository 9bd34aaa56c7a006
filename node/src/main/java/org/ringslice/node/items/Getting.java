package org.ringslice.node.items;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Effect.Report.Level;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;

/**
 * Fetches an item for the program that runs here: from one candidate after the other, straight,
 * until one gives the item that the id names. Who does not hold it may name others, who are asked
 * too, each once.
 */
public final class Getting {
  /** For one candidate to give the item; one that comes to be suspected is given up sooner. */
  static final long ATTEMPT_NANOS = 5_000_000_000L;

  /** Candidates asked for one item; past that it counts as not found. */
  static final int CANDIDATES_MAX = 64;

  /** How peers that are named by others get to be known. */
  @FunctionalInterface
  public interface Learn {
    void peers(List<Peer> peers, Turn turn);
  }

  private final Id self;
  private final Links links;
  private final Learn learn;

  /**
   * @param self who is never asked, though others name it
   */
  public Getting(Id self, Links links, Learn learn) {
    this.self = self;
    this.links = links;
    this.learn = learn;
  }

  /** Starts to fetch; the inquiry is answered in the end. */
  public void get(Inquiry inquiry, Message.GetItem request, List<Id> candidates, Turn turn) {
    new Operation(inquiry, request, candidates).next(turn);
  }

  /** One item, until it is here or nobody is left to ask. */
  private final class Operation implements Asker {
    private final Inquiry inquiry;
    private final Message.GetItem request;
    private final ArrayDeque<Id> candidates = new ArrayDeque<>();
    private final TreeSet<Id> named = new TreeSet<>();
    private final List<String> troubles = new ArrayList<>();

    Operation(Inquiry inquiry, Message.GetItem request, List<Id> candidates) {
      this.inquiry = inquiry;
      this.request = request;
      candidates.forEach(this::name);
    }

    private void name(Id candidate) {
      boolean other = !candidate.equals(self);
      if (other && named.size() < CANDIDATES_MAX && named.add(candidate)) {
        candidates.add(candidate);
      }
    }

    void next(Turn turn) {
      Id candidate = candidates.poll();
      if (candidate == null) {
        giveUp(turn);
        return;
      }
      long replyBytes = Limits.BLOCK_BYTES_MAX;
      links.ask(candidate, request, request.id(), replyBytes, ATTEMPT_NANOS, this, turn);
    }

    private void giveUp(Turn turn) {
      if (troubles.isEmpty()) {
        inquiry.refuse(ErrorCode.NOT_FOUND, notFound(request.id()), turn);
      } else {
        String sentence =
            "item "
                + request.id()
                + " was not given by any of "
                + named.size()
                + " nodes: "
                + troubles.get(0);
        inquiry.refuse(ErrorCode.UNREACHABLE, sentence, turn);
      }
    }

    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      Entry item = ((Message.ItemIs) answer).item();
      if (item.id().equals(request.id()) && item.alive() && item.isGenuine()) {
        inquiry.answer(answer, turn);
      } else {
        String trouble = "node " + peer + " gave bytes that are not those of item " + request.id();
        turn.report(Level.TROUBLE, trouble);
        troubles.add(trouble);
        next(turn);
      }
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      switch (failure.code()) {
        case NOT_FOUND -> {}
        case ELSEWHERE -> {
          learn.peers(failure.peers(), turn);
          failure.peers().forEach(other -> name(other.id()));
        }
        default -> troubles.add(failure.sentence());
      }
      next(turn);
    }
  }

  /** The sentence for an item that nobody has. */
  static String notFound(Id id) {
    return "no node that should hold item " + id + " has it";
  }
}
