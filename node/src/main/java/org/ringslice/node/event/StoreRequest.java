package org.ringslice.node.event;

import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;

/**
 * What a store may be asked for. Each request has one type of answer, and is answered once, by an
 * {@link Event.StoreDone} with the ticket of its {@link Effect.AskStore}. A request is the same
 * object all the way from the part of the core that makes it to the thread of the store that
 * carries it out.
 *
 * @param <A> the answer
 */
public sealed interface StoreRequest<A extends StoreAnswer> {

  /**
   * A request that changes nothing. It sees every write that was answered before it was asked.
   *
   * @param <A> the answer
   */
  sealed interface Read<A extends StoreAnswer> extends StoreRequest<A> {
    /**
     * Has it answered by the method of its kind.
     *
     * @throws X when it can't be read
     */
    <X extends Exception> A answerBy(Reads<X> reads) throws X;
  }

  /**
   * Answers each kind of read.
   *
   * @param <X> what may go wrong
   */
  interface Reads<X extends Exception> {
    StoreAnswer.Loaded load(Load request) throws X;

    StoreAnswer.LoadedAll loadAll(LoadAll request) throws X;

    StoreAnswer.Looked look(Look request) throws X;

    StoreAnswer.Scanned scan(Scan request) throws X;

    StoreAnswer.Described describe(Describe request) throws X;

    StoreAnswer.JournalRead readJournal(ReadJournal request) throws X;

    StoreAnswer.DroppedRead readDropped(ReadDropped request) throws X;
  }

  /**
   * A request that changes a book. Writes are carried out in their order, but for a keep that finds
   * a copy which has to be read first. It is answered when all of it is durable, so that it
   * survives a kill and a loss of power, or when all of it has failed.
   *
   * @param <A> the answer
   */
  sealed interface Write<A extends StoreAnswer> extends StoreRequest<A> {
    /** What an info takes in memory, with its id. By the sizes of objects. */
    int INFO_BYTES = 80;

    /** The book that it changes. */
    Book book();

    /** Entries that it is about. */
    int count();

    /** Bytes that it holds in memory while it waits. */
    long sizeBytes();

    /**
     * Has it answered by the method of its kind.
     *
     * @throws X when it can't be written
     */
    <X extends Exception> A answerBy(Writes<X> writes) throws X;
  }

  /**
   * Carries out each kind of write.
   *
   * @param <X> what may go wrong
   */
  interface Writes<X extends Exception> {
    StoreAnswer.Kept keep(Keep request) throws X;

    StoreAnswer.Done drop(Drop request) throws X;

    StoreAnswer.Done forgetDamaged(ForgetDamaged request) throws X;

    StoreAnswer.Done note(Note request) throws X;

    StoreAnswer.Done cover(Cover request) throws X;
  }

  // ---- reads

  /** Read a living entry. */
  record Load(Id id) implements Read<StoreAnswer.Loaded> {
    @Override
    public <X extends Exception> StoreAnswer.Loaded answerBy(Reads<X> reads) throws X {
      return reads.load(this);
    }
  }

  /**
   * Read those of these that are living entries. For many small ones: a request for each would cost
   * more than the reading.
   *
   * @param ids of a message's worth: all their bytes are in memory at once
   */
  record LoadAll(List<Id> ids) implements Read<StoreAnswer.LoadedAll> {
    public LoadAll {
      ids = List.copyOf(ids);
    }

    @Override
    public <X extends Exception> StoreAnswer.LoadedAll answerBy(Reads<X> reads) throws X {
      return reads.loadAll(this);
    }
  }

  /** Tell which of these are held. */
  record Look(List<Id> ids) implements Read<StoreAnswer.Looked> {
    public Look {
      ids = List.copyOf(ids);
    }

    @Override
    public <X extends Exception> StoreAnswer.Looked answerBy(Reads<X> reads) throws X {
      return reads.look(this);
    }
  }

  /**
   * List the entries of an arc, from its beginning (NEXT) or its end (PREV) on.
   *
   * @param dead whether the dead are listed too
   * @param count at most so many
   */
  record Scan(Book book, Arc arc, Direction direction, boolean dead, int count)
      implements Read<StoreAnswer.Scanned> {
    /** Entries that are listed at once; a session compares no more. */
    private static final int LISTED_MAX = 8_000_000;

    /** All living entries of an arc of a book. */
    public static Scan all(Book book, Arc arc) {
      return page(book, arc, LISTED_MAX);
    }

    /** The first living entries of an arc of a book. */
    public static Scan page(Book book, Arc arc, int count) {
      return new Scan(book, arc, Direction.NEXT, false, count);
    }

    /** What is held of an id, also when it is dead: one item, or none. */
    public static Scan row(Id id) {
      return new Scan(Book.HELD, new Arc(id.previous(), id), Direction.NEXT, true, 1);
    }

    /** The living of what is held. */
    public static Scan living(Arc arc, Direction direction, int count) {
      return new Scan(Book.HELD, arc, direction, false, count);
    }

    @Override
    public <X extends Exception> StoreAnswer.Scanned answerBy(Reads<X> reads) throws X {
      return reads.scan(this);
    }
  }

  /** Tell what is known of the blobs of an arc. */
  record Describe(Arc arc) implements Read<StoreAnswer.Described> {
    @Override
    public <X extends Exception> StoreAnswer.Described answerBy(Reads<X> reads) throws X {
      return reads.describe(this);
    }
  }

  /**
   * Read a journal.
   *
   * @param after the sequence before the first line
   * @param count at most so many lines
   */
  record ReadJournal(Book book, long after, int count) implements Read<StoreAnswer.JournalRead> {
    @Override
    public <X extends Exception> StoreAnswer.JournalRead answerBy(Reads<X> reads) throws X {
      return reads.readJournal(this);
    }
  }

  /**
   * List ids of an arc, from its beginning on, that were dropped here within the last week.
   *
   * @param count at most so many
   */
  record ReadDropped(Arc arc, int count) implements Read<StoreAnswer.DroppedRead> {
    @Override
    public <X extends Exception> StoreAnswer.DroppedRead answerBy(Reads<X> reads) throws X {
      return reads.readDropped(this);
    }
  }

  // ---- writes

  /**
   * Have these joined to what is held ({@link org.ringslice.messages.Merge}), and the results
   * durable.
   *
   * @param entries genuine ones
   */
  record Keep(List<Entry> entries) implements Write<StoreAnswer.Kept> {
    public Keep {
      entries = List.copyOf(entries);
    }

    @Override
    public Book book() {
      return Book.HELD;
    }

    @Override
    public int count() {
      return entries.size();
    }

    @Override
    public long sizeBytes() {
      long sizeBytes = 0;
      for (Entry entry : entries) {
        sizeBytes += entry.bytes().size();
      }
      return sizeBytes;
    }

    @Override
    public <X extends Exception> StoreAnswer.Kept answerBy(Writes<X> writes) throws X {
      return writes.keep(this);
    }
  }

  /**
   * Drop these copies, each unless what is held is another by now. The entries are not removed by
   * it; other nodes hold them. Their ids are remembered for a week.
   */
  record Drop(List<EntryInfo> copies) implements Write<StoreAnswer.Done> {
    public Drop {
      copies = List.copyOf(copies);
    }

    @Override
    public Book book() {
      return Book.HELD;
    }

    @Override
    public int count() {
      return copies.size();
    }

    @Override
    public long sizeBytes() {
      return (long) copies.size() * INFO_BYTES;
    }

    @Override
    public <X extends Exception> StoreAnswer.Done answerBy(Writes<X> writes) throws X {
      return writes.drop(this);
    }
  }

  /**
   * Forget that copies of these were given up since they can't be read, and free their bytes.
   * {@link Event.Examined} tells of what is left.
   */
  record ForgetDamaged(List<Id> ids) implements Write<StoreAnswer.Done> {
    public ForgetDamaged {
      ids = List.copyOf(ids);
    }

    @Override
    public Book book() {
      return Book.HELD;
    }

    @Override
    public int count() {
      return ids.size();
    }

    @Override
    public long sizeBytes() {
      return 0;
    }

    @Override
    public <X extends Exception> StoreAnswer.Done answerBy(Writes<X> writes) throws X {
      return writes.forgetDamaged(this);
    }
  }

  /**
   * Have these joined to what is noted in {@link Book#WATCHED}.
   *
   * @param told whether the changes go to the journal, so that watchers are told
   */
  record Note(List<EntryInfo> infos, boolean told) implements Write<StoreAnswer.Done> {
    public Note {
      infos = List.copyOf(infos);
    }

    @Override
    public Book book() {
      return Book.WATCHED;
    }

    @Override
    public int count() {
      return infos.size();
    }

    @Override
    public long sizeBytes() {
      return (long) infos.size() * INFO_BYTES;
    }

    @Override
    public <X extends Exception> StoreAnswer.Done answerBy(Writes<X> writes) throws X {
      return writes.note(this);
    }
  }

  /**
   * Keep in mind that of these arcs {@link Book#WATCHED} knows all that was there, in place of
   * those said before. Answered with a change that has a number and no line, so that a place in the
   * journal from before it differs from one since.
   */
  record Cover(List<Arc> arcs) implements Write<StoreAnswer.Done> {
    public Cover {
      arcs = List.copyOf(arcs);
    }

    @Override
    public Book book() {
      return Book.WATCHED;
    }

    @Override
    public int count() {
      return 1;
    }

    @Override
    public long sizeBytes() {
      return 0;
    }

    @Override
    public <X extends Exception> StoreAnswer.Done answerBy(Writes<X> writes) throws X {
      return writes.cover(this);
    }
  }

  // ---- neither

  /**
   * Keep a saved index for the next start, which reads the journal from there on. It changes no
   * book and waits for no sync: what is saved last may be lost in a crash.
   */
  record SaveIndex(Book book, Bytes index, long sequence)
      implements StoreRequest<StoreAnswer.Done> {}
}
