package org.ringslice.messages;

/** The types of messages. The numbers are on the wire; they are only ever appended to. */
public enum Type {
  GET_ID(1),
  GET_PREV_PEER(2),
  GET_NEXT_PEER(3),
  GET_PREV_ITEM(4),
  GET_NEXT_ITEM(5),
  GET_ITEM(6),
  STORE(7),
  HEARTBEAT(8),
  EXCHANGE_VIEW(9),
  HAVE_ITEMS(10),
  GET_VIEW(11),
  GET_STATUS(12),
  EXPLAIN(13),
  GET_TABLE(14),
  GET_SUMMARIES(15),
  SLICE(16),
  WATCH(17),
  KEEP_ARCS(18),
  GET_SIZE(19),
  GET_MESSAGE(20),
  BROADCAST(21),
  GET_INBOX(22),
  LEAVE(23),
  GET_PLACE(24),
  GET_HEALTH(25),
  GET_THINGS(26);

  private static final Type[] BY_CODE = byCode();

  private final int code;

  Type(int code) {
    this.code = code;
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
}
