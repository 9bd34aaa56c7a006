package org.ringslice.tools;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Access;

/**
 * Walks over the items of a stretch of the ring, a page at a time. The next page is asked for when
 * one has come, so that nodes look while lines are printed; memory holds two pages.
 */
final class ItemWalk {
  /**
   * Items of a page: its answer is 45 kB, and a wide slice costs a question for a thousand lines.
   */
  static final int PAGE_ITEMS = 1024;

  private final Access access;
  private final Direction direction;
  private final Id until;
  private final Message.Scope scope;
  private Id at;
  private long left;
  private int asked;
  private CompletableFuture<Message.ThingsAre> ahead;

  /**
   * @param at where to begin, excluded
   * @param until where to end, included; the whole ring when it is {@code at}
   * @param countMax how many are wanted, at least 1
   */
  ItemWalk(
      Access access, Direction direction, Id at, Id until, Message.Scope scope, long countMax) {
    this.access = access;
    this.direction = direction;
    this.at = at;
    this.until = until;
    this.scope = scope;
    this.left = countMax;
    ask();
  }

  private void ask() {
    asked = (int) Math.min(left, PAGE_ITEMS);
    ahead = access.things(direction, at, asked, until, scope);
  }

  /** The items that follow, at most a page of them; none when there are no more. */
  Message.ThingsAre next() {
    if (ahead == null) {
      return new Message.ThingsAre(List.of(), List.of());
    }
    Message.ThingsAre answer = ClientCommand.await(ahead);
    List<EntryInfo> page = answer.items();
    ahead = null;
    left -= page.size();
    if (!page.isEmpty()) {
      at = page.get(page.size() - 1).id();
    }
    if (left > 0 && page.size() == asked && !at.equals(until)) {
      ask();
    }
    return answer;
  }
}
