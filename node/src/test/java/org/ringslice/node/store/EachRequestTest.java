package org.ringslice.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringslice.node.event.Kinds;
import org.ringslice.node.event.StoreReply;
import org.ringslice.node.event.StoreRequest;

final class EachRequestTest {
  @TempDir Path folder;

  @Test
  void isAnsweredWithTheAnswerOfItsKind() throws Exception {
    try (Asked asked = new Asked(folder)) {
      for (StoreRequest<?> request : Kinds.requests()) {
        StoreReply<?> reply = asked.await(asked.ask(request));
        assertEquals(Optional.empty(), reply.failure(), request::toString);
        assertSame(Kinds.answerTo(request), reply.get().getClass(), request::toString);
      }
    }
  }
}
