package org.ringslice.node.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringslice.messages.ErrorCode;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.messages.Type;

/** What somebody hears who has not said who it is. */
class StrangersTest {
  private static final long LINK = -1;

  private final Driven node = new Driven();

  /** Else a program of another version is told to say again what it just said, for ever. */
  @ParameterizedTest
  @EnumSource(names = {"UNSUPPORTED_VERSION", "UNKNOWN_TYPE", "MALFORMED", "TOO_LARGE"})
  void whatItSaysCannotBeReadAndWhy(ErrorCode code) {
    for (int type : List.of(Type.GET_ID.code(), Type.GET_ITEM.code(), 9999)) {
      Message unreadable = new Message.Unreadable(type, code, "so it is");
      Message.Failure failure = Driven.failure(LINK, node.ask(LINK, unreadable));

      assertEquals(code, failure.code());
      assertEquals(type, failure.typeCode());
      assertFalse(failure.retry());
    }
    assertEquals(0, node.core.servingCount());
  }

  @Test
  void thatItMustSayWhoItIsBeforeAnythingElse() {
    for (Message.Request request : EveryTypeTest.requests()) {
      if (!(request instanceof Message.GetId)) {
        Message.Failure failure = Driven.failure(LINK, node.ask(LINK, request));

        assertEquals(ErrorCode.STRANGER, failure.code());
        assertTrue(failure.retry());
      }
    }
    assertEquals(1, node.core.view().ring().size());
    assertTrue(node.core.view().peer(Id.ofWords(8, 0, 0, 0)).isEmpty());
  }
}
