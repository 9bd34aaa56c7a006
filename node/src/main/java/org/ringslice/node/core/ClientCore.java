package org.ringslice.node.core;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Header;
import org.ringslice.messages.Id;
import org.ringslice.messages.Identity;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Event;
import org.ringslice.node.event.Turn;
import org.ringslice.node.items.Getting;
import org.ringslice.node.ring.Asker;
import org.ringslice.node.ring.Guests;
import org.ringslice.node.ring.Inquiry;
import org.ringslice.node.ring.Links;
import org.ringslice.node.ring.Self;
import org.ringslice.node.ring.Timers;

/**
 * Someone who only asks: everything of one node, its contact, except for items, which are fetched
 * straight from whoever holds them, wherever the contact sends it.
 */
public final class ClientCore implements Core, Links.Host {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /**
   * How often the contact is dialled anew when nobody answers there: it may be busy, or about to be
   * there.
   */
  static final int DIALS_MAX = 4;

  /** Before each of those. A guess. */
  private static final long PAUSE_NANOS = 100_000_000L;

  /** Requests that wait for the contact to say who it is. */
  static final int WAITING_MAX = 4096;

  /** Peers whose endpoints are known; past that the least id is forgotten. */
  static final int KNOWN_MAX = 1024;

  private final Parts parts = new Parts();
  private final Endpoint contact;
  private final Timers timers = new Timers();
  private final Guests guests = new Guests();
  private final Links links;
  private final Getting getting;
  private final TreeMap<Id, List<Endpoint>> known = new TreeMap<>();
  private final ArrayDeque<Inquiry> waiting = new ArrayDeque<>();
  private Id contactId;
  private String failure;
  private int dials = 1;

  /**
   * @param contact the node to ask; its bulk port need not be right, for it says that itself
   */
  public ClientCore(Self self, Endpoint contact) {
    this.contact = contact;
    this.links = new Links(self, timers, guests, this::endpointsOf, this);
    this.getting = new Getting(self.id(), links, this::learn);
  }

  private List<Endpoint> endpointsOf(Id id) {
    return known.getOrDefault(id, List.of());
  }

  private void learn(List<Peer> peers, Turn turn) {
    for (Peer peer : peers) {
      known.putIfAbsent(peer.id(), peer.endpoints());
      if (known.size() > KNOWN_MAX) {
        known.pollFirstEntry();
      }
    }
  }

  @Override
  public void handle(Event event, Turn turn) {
    event.accept(parts, turn);
    timers.arm(turn);
  }

  /** Whose matter each kind of event is; what only nodes have does not happen to a client. */
  private final class Parts implements Event.Visitor<Turn> {
    @Override
    public void started(Event.Started event, Turn turn) {
      links.dial(contact, turn);
      links.started(turn);
    }

    @Override
    public void arrived(Event.Arrived arrived, Turn turn) {
      onArrived(arrived, turn);
    }

    @Override
    public void linkLost(Event.LinkLost lost, Turn turn) {
      links.lost(lost.link(), lost.why(), turn);
    }

    @Override
    public void timerFired(Event.TimerFired event, Turn turn) {
      timers.fired(turn);
    }

    @Override
    public void stopping(Event.Stopping event, Turn turn) {
      // it has told nobody that it is there, so there is nobody to take leave of
    }

    @Override
    public void listens(Event.Listens event, Turn turn) {
      throw notOfAClient(event);
    }

    @Override
    public void sighted(Event.Sighted event, Turn turn) {
      throw notOfAClient(event);
    }

    @Override
    public void keeps(Event.Keeps event, Turn turn) {
      throw notOfAClient(event);
    }

    @Override
    public void storeDone(Event.StoreDone event, Turn turn) {
      throw notOfAClient(event);
    }

    @Override
    public void amended(Event.Amended event, Turn turn) {
      throw notOfAClient(event);
    }

    @Override
    public void roomShort(Event.RoomShort event, Turn turn) {
      throw notOfAClient(event);
    }

    @Override
    public void examined(Event.Examined event, Turn turn) {
      throw notOfAClient(event);
    }

    @Override
    public void broken(Event.Broken event, Turn turn) {
      throw notOfAClient(event);
    }

    private static IllegalStateException notOfAClient(Event event) {
      return new IllegalStateException("this does not happen to a client: " + event);
    }
  }

  private void onArrived(Event.Arrived arrived, Turn turn) {
    if (arrived.link() == Guests.LOCAL_LINK) {
      guests.take(arrived, turn).ifPresent(inquiry -> ask(inquiry, turn));
    } else if (arrived.envelope().header().form() != Header.Form.REQUEST) {
      // a client is asked nothing
      links.arrived(arrived.link(), arrived.envelope(), turn);
    }
  }

  private void ask(Inquiry inquiry, Turn turn) {
    if (failure != null) {
      refuseForGood(inquiry, ErrorCode.UNREACHABLE, turn);
    } else if (contactId != null) {
      forward(inquiry, turn);
    } else if (waiting.size() < WAITING_MAX) {
      waiting.add(inquiry);
    } else {
      inquiry.refuse(ErrorCode.BUSY, "too many requests before the node has answered once", turn);
    }
  }

  /**
   * A contact that was never reached is not dialled any more, so there is no use in asking again.
   */
  private void refuseForGood(Inquiry inquiry, ErrorCode code, Turn turn) {
    int type = inquiry.request().typeCode();
    inquiry.answer(new Message.Failure(type, code, failure, false, List.of()), turn);
  }

  private void forward(Inquiry inquiry, Turn turn) {
    Message.Request request = inquiry.request();
    if (request instanceof Message.GetItem get) {
      getting.get(inquiry, get, List.of(contactId), turn);
      return;
    }
    long timeoutNanos = NANOS_PER_SECOND * request.type().patienceSeconds();
    links.ask(contactId, request, Id.ZERO, 0, timeoutNanos, new Forwarded(inquiry), turn);
  }

  /** Hands what the contact says back to the program. */
  private record Forwarded(Inquiry inquiry) implements Asker {
    @Override
    public void answered(Id peer, Message.Answer answer, Turn turn) {
      inquiry.answer(answer, turn);
    }

    @Override
    public void failed(Id peer, Message.Failure failure, Turn turn) {
      inquiry.answer(failure, turn);
    }
  }

  @Override
  public Optional<String> meet(Identity who, Endpoint at, Turn turn) {
    if (contactId == null && who.endpoints().isEmpty()) {
      return Optional.of("it does not say where it listens");
    }
    // the first that is dialled is the contact
    if (contactId == null) {
      contactId = who.id();
      // where we got through is better than where the node believes to be reachable
      int bulkPort = who.endpoints().get(0).bulkPort();
      known.put(contactId, List.of(new Endpoint(contact.host(), contact.controlPort(), bulkPort)));
      // the link itself is known to be ready only after this turn's call
      timers.after(0, turn, this::begin);
    }
    return Optional.empty();
  }

  private void begin(Turn turn) {
    for (Inquiry inquiry = waiting.poll(); inquiry != null; inquiry = waiting.poll()) {
      forward(inquiry, turn);
    }
  }

  @Override
  public void missed(Id expected, Endpoint at, Message.Failure why, Turn turn) {
    boolean mayPass = why.code() == ErrorCode.TIMED_OUT || why.code() == ErrorCode.UNREACHABLE;
    if (contactId == null && mayPass && dials < DIALS_MAX) {
      dials++;
      timers.after(PAUSE_NANOS, turn, later -> links.dial(contact, later));
    } else if (contactId == null) {
      failure = why.sentence();
      for (Inquiry inquiry = waiting.poll(); inquiry != null; inquiry = waiting.poll()) {
        refuseForGood(inquiry, why.code(), turn);
      }
    }
  }
}
