package org.ringslice.node.port;

import java.io.Closeable;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Book;

/**
 * What a node holds, on disk. The methods return at once and are answered by the event that their
 * {@link org.ringslice.node.event.Effect} names, with the same ticket; calls that write are carried
 * out in their order, and one that reads sees every write that was answered before it was called.
 */
public interface ItemStore extends Closeable {
  /** Answered by Kept when all entries are durable: they survive a kill and a loss of power. */
  void keep(long ticket, List<Entry> entries);

  /** Answered by Loaded. */
  void load(long ticket, Id id);

  /** Answered by LoadedAll. */
  void loadAll(long ticket, List<Id> ids);

  /** Answered by Looked. */
  void look(long ticket, List<Id> ids);

  /** Answered by Scanned, with at most {@code count} items. */
  void scan(long ticket, Book book, Arc arc, Direction direction, boolean dead, int count);

  /** Answered by Kept when these copies are gone for good. */
  void drop(long ticket, List<EntryInfo> copies);

  /** Answered by Noted when all are durable. */
  void note(long ticket, List<EntryInfo> infos, boolean told);

  /** Answered by Noted when it is durable. */
  void cover(long ticket, List<Arc> arcs);

  /** Answered by Described. */
  void describe(long ticket, Arc arc);

  /** Answered by JournalRead, with at most {@code count} lines. */
  void readJournal(long ticket, Book book, long after, int count);

  /** Answered by DroppedRead, with at most {@code count} ids. */
  void readDropped(long ticket, Arc arc, int count);

  /** Not answered: what can't be read of these is of no use any more. */
  void forgetDamaged(List<Id> ids);

  /** Not answered. */
  void saveIndex(Book book, Bytes index, long sequence);

  /** Finishes what was asked, then closes. */
  @Override
  void close();
}
