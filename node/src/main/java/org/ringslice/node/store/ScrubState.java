package org.ringslice.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.ringslice.messages.Id;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the {@link Scrub} is, in a file of its own beside the tables; big-endian, its CRC-32C in
 * the last four of its {@value #BYTES} bytes. It also tells whether the last stop was one that a
 * node makes by itself. A file that is missing or damaged beside a store that is not empty tells
 * that it was not.
 *
 * @param from where the pass began, excluded; it ends there, included
 * @param cursor up to here everything was read
 * @param underway whether a pass is, or the next is waited for
 * @param beganMillis when the last pass began, in milliseconds since 1970
 * @param urgent whether this pass looks for what a crash has left
 * @param clean whether the store was closed since
 */
record ScrubState(
    Id from, Id cursor, boolean underway, long beganMillis, boolean urgent, boolean clean) {
  private static final Logger LOG = LoggerFactory.getLogger(ScrubState.class);

  static final int BYTES = 2 * Id.BYTES + Long.BYTES + 3 + Integer.BYTES;

  /**
   * What was written down, as it is to go on; written down at once, for until it is {@linkplain
   * #stopped} every stop is a crash.
   *
   * @param isEmpty whether the store has nothing that could be bad
   * @param atOnce whether a pass begins in any case
   * @param faulty whether something was missing at this opening
   */
  static ScrubState open(
      Path folder, boolean isEmpty, boolean atOnce, boolean faulty, long nowMillis) {
    ScrubState then = isEmpty ? null : read(folder);
    ScrubState now;
    if (then == null) {
      now = new ScrubState(Id.MAX, Id.MAX, false, nowMillis, false, false);
      now = isEmpty ? now : now.begin(nowMillis, true);
    } else if (!then.clean() || faulty || atOnce) {
      now = then.begin(nowMillis, !then.clean() || faulty || then.urgent());
    } else {
      // the round that is under way ends here again: then all was read since this opening
      now = then.underway() ? then.begin(then.beganMillis(), then.urgent()) : then.running();
    }
    now.write(folder);
    return now;
  }

  /** A pass begins where the last one has come to. */
  ScrubState begin(long nowMillis, boolean isUrgent) {
    return new ScrubState(cursor, cursor, true, nowMillis, isUrgent, false);
  }

  ScrubState at(Id newCursor) {
    return new ScrubState(from, newCursor, underway, beganMillis, urgent, clean);
  }

  ScrubState ended() {
    return new ScrubState(from, cursor, false, beganMillis, false, clean);
  }

  private ScrubState running() {
    return new ScrubState(from, cursor, underway, beganMillis, urgent, false);
  }

  ScrubState stopped() {
    return new ScrubState(from, cursor, underway, beganMillis, urgent, true);
  }

  private static Path file(Path folder) {
    return folder.resolve("scrub");
  }

  private static ScrubState read(Path folder) {
    try {
      byte[] bytes = Files.readAllBytes(file(folder));
      if (bytes.length == BYTES) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt(BYTES - Integer.BYTES) == crc(bytes)) {
          return new ScrubState(
              id(in), id(in), in.get() != 0, in.getLong(), in.get() != 0, in.get() != 0);
        }
      }
      LOG.debug("the scrub's file in {} is damaged", folder);
    } catch (NoSuchFileException e) {
      LOG.debug("no scrub was begun in {}", folder);
    } catch (IOException | OutOfMemoryError e) {
      LOG.warn("the scrub's file in {} can't be read", folder, e);
    }
    return null;
  }

  private static Id id(ByteBuffer in) {
    byte[] bytes = new byte[Id.BYTES];
    in.get(bytes);
    return Id.of(bytes);
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, BYTES - Integer.BYTES);
    return (int) crc.getValue();
  }

  /**
   * Takes the place of what was written before; when that can't be done, the next start reads anew.
   */
  void write(Path folder) {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.put(from.toBytes()).put(cursor.toBytes()).put(flag(underway)).putLong(beganMillis);
    out.put(flag(urgent)).put(flag(clean));
    out.putInt(crc(out.array())).flip();
    Path fresh = folder.resolve("scrub.new");
    try {
      try (FileChannel file =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        while (out.hasRemaining()) {
          file.write(out);
        }
        file.force(true);
      }
      Files.move(
          fresh, file(folder), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      BlockLog.syncNames(folder);
    } catch (IOException e) {
      LOG.debug("how far the scrub is could not be written down in {}", folder, e);
      // what an earlier start has written must not be taken for this one's word
      file(folder).toFile().delete();
    }
  }

  private static byte flag(boolean is) {
    return (byte) (is ? 1 : 0);
  }
}
