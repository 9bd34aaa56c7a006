package org.ringslice.messages;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * The one kind of thing that is shared. A dead entry keeps its id and stamp and has no bytes. What
 * is held of two entries of one id, {@link Merge} says.
 */
public final class Entry {
  /** What is known of it; its bytes are the next payload frame. */
  static final Shape<Entry> SHAPE =
      new Shape<>() {
        @Override
        void write(Entry entry, BodyWriter out) throws IOException {
          EntryInfo.SHAPE.write(entry.info(), out);
        }

        @Override
        Entry read(BodyReader in) throws ProtocolException, IOException {
          EntryInfo info = EntryInfo.SHAPE.read(in);
          Bytes bytes = info.alive() ? in.payload(info.size()) : Bytes.EMPTY;
          return new Entry(info.id(), info.kind(), info.stamp(), info.alive(), bytes);
        }
      };

  /** Of a living blob that was never deleted the frame says all but its length. */
  private static final Shape<Entry> BARE =
      Shape.of(
          (entry, out) -> {
            if (entry.isPlainBlob()) {
              out.number(entry.bytes.size());
            } else {
              SHAPE.write(entry, out);
            }
          },
          in ->
              in.isArrayNext()
                  ? SHAPE.read(in)
                  : blob(in.payload(in.number(0, Limits.BLOCK_BYTES_MAX, "size"))));

  static final Shape<List<Entry>> BATCH = batch(SHAPE, Id.BYTES);
  static final Shape<List<Entry>> BARE_BATCH = batch(BARE, 1);

  private static Shape<List<Entry>> batch(Shape<Entry> entry, int entryBytesMin) {
    Shape<List<Entry>> all = Shape.list(entry, Limits.BATCH_ENTRIES_MAX, entryBytesMin, "entries");
    return new Shape<>() {
      @Override
      void write(List<Entry> entries, BodyWriter out) throws IOException {
        all.write(entries, out);
      }

      @Override
      List<Entry> read(BodyReader in) throws ProtocolException, IOException {
        List<Entry> entries = all.read(in);
        long sizeBytes = 0;
        for (Entry each : entries) {
          sizeBytes += each.bytes.size();
        }
        if (sizeBytes > Limits.BATCH_BYTES_MAX) {
          throw new ProtocolException(
              ErrorCode.TOO_LARGE,
              "a batch of " + sizeBytes + " bytes; at most " + Limits.BATCH_BYTES_MAX);
        }
        return entries;
      }
    };
  }

  /** The stamp of a blob that was never deleted. */
  public static final long NEVER_DELETED = 0;

  private final Id id;
  private final Kind kind;
  private final long stamp;
  private final boolean alive;
  private final Bytes bytes;

  // What isGenuine() found: hashing a large blob takes as long as sending it, so it is done once,
  // on the
  // thread that first asks. The race is benign: every thread finds the same.
  private byte genuine = UNKNOWN;

  private static final byte UNKNOWN = 0;
  private static final byte YES = 1;
  private static final byte NO = 2;

  /**
   * @param stamp hybrid logical clock, unsigned; {@link #NEVER_DELETED} for a blob that never was
   * @param bytes empty when not alive
   */
  public Entry(Id id, Kind kind, long stamp, boolean alive, Bytes bytes) {
    this.id = Objects.requireNonNull(id);
    this.kind = Objects.requireNonNull(kind);
    this.stamp = stamp;
    this.alive = alive;
    this.bytes = Objects.requireNonNull(bytes);
    if (!alive && bytes.size() > 0) {
      throw new IllegalArgumentException("a dead entry has no bytes");
    }
  }

  /** A living blob under the SHA-256 of its bytes. */
  public static Entry blob(Bytes bytes) {
    Entry blob = new Entry(Id.sha256(bytes), Kind.BLOB, NEVER_DELETED, true, bytes);
    blob.genuine = YES;
    return blob;
  }

  public Id id() {
    return id;
  }

  public Kind kind() {
    return kind;
  }

  public long stamp() {
    return stamp;
  }

  public boolean alive() {
    return alive;
  }

  public Bytes bytes() {
    return bytes;
  }

  /** Whether it is a living blob that was never deleted, of which its bytes say all. */
  boolean isPlainBlob() {
    return kind == Kind.BLOB && alive && stamp == NEVER_DELETED;
  }

  /** What is known of this entry without its bytes. */
  public EntryInfo info() {
    return new EntryInfo(id, kind, stamp, alive, bytes.size());
  }

  /**
   * Whether the id is what the bytes say: for a living blob, their SHA-256. The first call hashes;
   * later ones know.
   */
  public boolean isGenuine() {
    if (genuine == UNKNOWN) {
      boolean hashes = kind != Kind.BLOB || !alive || Id.sha256(bytes).equals(id);
      genuine = hashes ? YES : NO;
    }
    return genuine == YES;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Entry entry
        && id.equals(entry.id)
        && kind == entry.kind
        && stamp == entry.stamp
        && alive == entry.alive
        && bytes.equals(entry.bytes);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return (alive ? "" : "dead ")
        + kind.name().toLowerCase(java.util.Locale.ROOT)
        + " "
        + id
        + " of "
        + bytes;
  }
}
