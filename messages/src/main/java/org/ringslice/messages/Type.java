package org.ringslice.messages;

import java.util.List;

/**
 * The types of messages, each described here once: its number, the bodies of its request and of its
 * answer, the lane that it travels on, who may send it, how long an asker waits, and whether it can
 * be answered only by a node that knows who else there is. What a node does with it, the table of
 * handlers in its core says. The numbers are on the wire; they are only ever appended to.
 */
@SuppressWarnings("ImmutableEnumChecker") // neither shapes nor these lists change
public enum Type {
  GET_ID(1, Message.GetId.BODY, Message.IdIs.BODY),
  GET_PREV_PEER(2, Message.GetPeers.body(Direction.PREV), Message.PeersAre.body(Direction.PREV)),
  GET_NEXT_PEER(3, Message.GetPeers.body(Direction.NEXT), Message.PeersAre.body(Direction.NEXT)),
  GET_PREV_ITEM(4, Message.GetItems.body(Direction.PREV), Message.ItemsAre.body(Direction.PREV)),
  GET_NEXT_ITEM(5, Message.GetItems.body(Direction.NEXT), Message.ItemsAre.body(Direction.NEXT)),
  GET_ITEM(6, Message.GetItem.BODY, Message.ItemIs.BODY, Lane.BULK, Trait.ABOUT_HOLDERS),
  STORE(7, Message.Store.BODY, Message.Stored.BODY, Lane.BULK, Trait.ABOUT_HOLDERS),
  HEARTBEAT(
      8, Message.Heartbeat.BODY, Message.Alive.BODY, Lane.CONTROL, Trait.OF_PEERS, Trait.VITAL),
  EXCHANGE_VIEW(
      9, Message.ExchangeView.BODY, Message.ViewIs.BODY, Lane.CONTROL, Trait.OF_PEERS, Trait.VITAL),
  HAVE_ITEMS(10, Message.HaveItems.BODY, Message.HaveThese.BODY, Lane.BULK, Trait.ABOUT_HOLDERS),
  GET_VIEW(11, Message.GetView.BODY, Message.ViewShows.BODY),
  GET_STATUS(12, Message.GetStatus.BODY, Message.StatusIs.BODY, Lane.CONTROL, Trait.LONG),
  EXPLAIN(13, Message.Explain.BODY, Message.Explained.BODY, Lane.CONTROL, Trait.ABOUT_HOLDERS),
  GET_TABLE(14, Message.GetTable.BODY, Message.TableIs.BODY),
  GET_SUMMARIES(15, Message.GetSummaries.BODY, Message.SummariesAre.BODY),
  SLICE(16, Message.Slice.BODY, Message.SliceIs.BODY, Lane.BULK, Trait.OF_PEERS),
  WATCH(17, Message.Watch.BODY, Message.Signals.BODY),
  KEEP_ARCS(18, Message.KeepArcs.BODY, Message.ArcsKept.BODY, Lane.CONTROL, Trait.OF_PEERS),
  GET_SIZE(19, Message.GetSize.BODY, Message.SizeIs.BODY),
  GET_MESSAGE(20, Message.GetMessage.BODY, Message.GotMessage.BODY),
  BROADCAST(21, Message.Broadcast.BODY, Message.Heard.BODY),
  GET_INBOX(22, Message.GetInbox.BODY, Message.InboxIs.BODY),
  LEAVE(23, Message.Leave.BODY, Message.LeaveIs.BODY, Lane.CONTROL, Trait.OF_CLIENTS),
  GET_PLACE(24, Message.GetPlace.BODY, Message.PlaceIs.BODY),
  GET_HEALTH(25, Message.GetHealth.BODY, Message.HealthIs.BODY),
  GET_THINGS(26, Message.GetThings.BODY, Message.ThingsAre.BODY),
  GET_FEATURES(27, Message.GetFeatures.BODY, Message.FeaturesAre.BODY),
  GET_COUNT(28, Message.GetCount.BODY, Message.CountIs.BODY);

  /** What is out of the ordinary about a type. */
  private enum Trait {
    /** Only peers may send it: it is how nodes run the ring. */
    OF_PEERS,
    /** Only clients may send it, and the program that the node runs in. */
    OF_CLIENTS,
    /** A node that does not know who else there is would answer it wrongly. */
    ABOUT_HOLDERS,
    /** Is taken however busy a node is: who is busy is not dead. */
    VITAL,
    /** Takes other nodes a while. */
    LONG
  }

  /** Longer than a node takes itself to give up a store. */
  private static final int PATIENCE_SECONDS = 20;

  /** Longer than a node waits for another one to go through all that it holds. */
  private static final int LONG_PATIENCE_SECONDS = 70;

  private static final Type[] BY_CODE = byCode();

  private final int code;
  private final Shape<? extends Message.Request> request;

  private final Shape<? extends Message.Answer> answer;

  private final Lane lane;
  private final List<Trait> traits;

  Type(int code, Shape<? extends Message.Request> request, Shape<? extends Message.Answer> answer) {
    this(code, request, answer, Lane.CONTROL);
  }

  Type(
      int code,
      Shape<? extends Message.Request> request,
      Shape<? extends Message.Answer> answer,
      Lane lane,
      Trait... traits) {
    this.code = code;
    this.request = request;
    this.answer = answer;
    this.lane = lane;
    this.traits = List.of(traits);
  }

  public int code() {
    return code;
  }

  /** The type of a code, or null when there is none such. */
  public static Type ofCode(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  private static Type[] byCode() {
    Type[] types = values();
    Type[] byCode = new Type[types[types.length - 1].code + 1];
    for (Type type : types) {
      byCode[type.code] = type;
    }
    return byCode;
  }

  Shape<? extends Message.Request> request() {
    return request;
  }

  Shape<? extends Message.Answer> answer() {
    return answer;
  }

  /** On which of the connections between two nodes it travels. */
  public Lane lane() {
    return lane;
  }

  /** Whether one of this role may send it; what it says may be forbidden all the same. */
  boolean maySend(Role role) {
    return !traits.contains(role == Role.CLIENT ? Trait.OF_PEERS : Trait.OF_CLIENTS);
  }

  /** Whether it can be answered only by a node that knows who else there is. */
  public boolean isAboutHolders() {
    return traits.contains(Trait.ABOUT_HOLDERS);
  }

  /** Whether it is taken by a node that is too busy for others. */
  public boolean isVital() {
    return traits.contains(Trait.VITAL);
  }

  /** For so many seconds a client waits for the answer; long polls are answered before. */
  public int patienceSeconds() {
    return traits.contains(Trait.LONG) ? LONG_PATIENCE_SECONDS : PATIENCE_SECONDS;
  }
}
