package org.ringslice.tools;

import java.util.List;
import org.ringslice.messages.Direction;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Access;

/** Walks over the items of a stretch of the ring, a page at a time: memory holds one page. */
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
  private boolean ended;

  /**
   * @param at where to begin, excluded
   * @param until where to end, included; the whole ring when it is {@code at}
   */
  ItemWalk(Access access, Direction direction, Id at, Id until, Message.Scope scope) {
    this.access = access;
    this.direction = direction;
    this.at = at;
    this.until = until;
    this.scope = scope;
  }

  /**
   * The items that follow, at most a page of them; none when there are no more.
   *
   * @param count how many are wanted, at least 1
   */
  List<EntryInfo> next(long count) {
    if (ended) {
      return List.of();
    }
    int asked = (int) Math.min(count, PAGE_ITEMS);
    Message.GetItems question = new Message.GetItems(direction, at, asked, until, scope);
    Message.Answer answer = ClientCommand.await(access.line().ask(question));
    List<EntryInfo> page = ((Message.ItemsAre) answer).items();
    if (!page.isEmpty()) {
      at = page.get(page.size() - 1).id();
    }
    ended = page.size() < asked || at.equals(until);
    return page;
  }
}
