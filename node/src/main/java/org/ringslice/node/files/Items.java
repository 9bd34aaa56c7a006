package org.ringslice.node.files;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.port.Line;
import org.ringslice.node.port.RefusedException;

/** Fetches single items, and verifies them. */
record Items(Line line) {
  CompletableFuture<Message.Answer> ask(Id id) {
    return line.ask(new Message.GetItem(id, 0));
  }

  Bytes get(Id id) throws IOException {
    return await(ask(id));
  }

  /** The bytes of what was asked for. */
  static Bytes await(CompletableFuture<Message.Answer> answer) throws IOException {
    Entry item = Answers.await(answer, Message.ItemIs.class).item();
    // what came from another node was verified on its way; what was held here is now
    if (!item.isGenuine()) {
      throw damaged(item.id(), "is damaged on the disk of the node that holds it");
    }
    return item.bytes();
  }

  static RefusedException damaged(Id id, String what) {
    return new RefusedException(ErrorCode.NOT_GENUINE, "item " + id + " " + what);
  }
}
