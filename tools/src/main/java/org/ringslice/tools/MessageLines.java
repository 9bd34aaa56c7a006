package org.ringslice.tools;

import java.util.Locale;
import org.ringslice.messages.Guid;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;

/** General messages as lines. */
final class MessageLines {
  private MessageLines() {}

  static Json object(Guid guid, Id from, String text) {
    return new Json().put("guid", guid.toHex()).put("from", from).put("text", text);
  }

  /** One that came. */
  static String line(Message.Received message, boolean json) {
    String kind = message.toAll() ? "broadcast" : "message";
    if (json) {
      return object(message.guid(), message.from(), message.text())
          .put("kind", kind)
          .put("sequence", message.sequence())
          .toString();
    }
    return String.format(Locale.ROOT, "%s  %-9s  %s", message.from(), kind, message.text());
  }
}
