package org.ringslice.node.core;

import java.util.EnumMap;
import java.util.Map;
import org.ringslice.messages.Message;
import org.ringslice.messages.Type;
import org.ringslice.node.event.Turn;
import org.ringslice.node.ring.Inquiry;

/** Which part of a node takes the requests of each type. */
final class Handlers {
  /**
   * Takes requests.
   *
   * @param <R> of one kind
   */
  @FunctionalInterface
  interface Handler<R extends Message.Request> {
    void on(Inquiry inquiry, R request, Turn turn);
  }

  private final Map<Type, Handler<Message.Request>> byType = new EnumMap<>(Type.class);

  /** Requests of a type go to a handler; each type has one. */
  <R extends Message.Request> void put(Type type, Class<R> requests, Handler<R> handler) {
    Handler<Message.Request> former =
        byType.put(
            type, (inquiry, request, turn) -> handler.on(inquiry, requests.cast(request), turn));
    if (former != null) {
      throw new IllegalStateException("two parts take requests of the type " + type);
    }
  }

  /**
   * Throws when a type was forgotten: better no node starts than one that fails when it is asked.
   */
  void requireAll() {
    for (Type type : Type.values()) {
      if (!byType.containsKey(type)) {
        throw new IllegalStateException("no part takes requests of the type " + type);
      }
    }
  }

  void handle(Inquiry inquiry, Turn turn) {
    Message.Request request = inquiry.request();
    byType.get(request.type()).on(inquiry, request, turn);
  }
}
