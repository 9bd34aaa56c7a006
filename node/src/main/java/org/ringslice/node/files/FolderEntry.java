package org.ringslice.node.files;

import java.io.IOException;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;

/**
 * One name in a folder. What is constructed is valid: the name is neither empty, '.' nor '..', and
 * has no '/' and no NUL. Times are in nanoseconds since 1970, modes are the nine permission bits of
 * Unix.
 */
sealed interface FolderEntry {
  /** Bytes of one name: that of all usual file systems. */
  int NAME_BYTES_MAX = 255;

  /** Bytes of a link's target: a path of Linux, without its last NUL. */
  int TARGET_BYTES_MAX = 4095;

  /** The permission bits. Those that lend somebody's rights (setuid, setgid) are not kept. */
  int MODE_MAX = 0777;

  /** What an entry takes at most, beside its name and target. */
  int OVERHEAD_BYTES_MAX = 80;

  int FILE = 0;
  int FOLDER = 1;
  int LINK = 2;

  /** As the file system has it; in no particular character set. */
  Bytes name();

  long mtimeNanos();

  /** Bytes of all files that this is or holds. */
  long sizeBytes();

  /** Files that this is or holds. */
  long files();

  void writeTo(MessagePacker out) throws IOException;

  /** A bound of what {@link #writeTo} writes. */
  default int encodedBytesMax() {
    return OVERHEAD_BYTES_MAX + name().size();
  }

  /** A file; the id is what storing it alone gives. */
  record File(Bytes name, int mode, long mtimeNanos, long sizeBytes, Id id) implements FolderEntry {
    public File {
      checkName(name);
      check(mode >= 0 && mode <= MODE_MAX && sizeBytes >= 0);
    }

    @Override
    public long files() {
      return 1;
    }

    @Override
    public void writeTo(MessagePacker out) throws IOException {
      out.packArrayHeader(6).packInt(FILE);
      writeBytes(out, name);
      out.packInt(mode).packLong(mtimeNanos).packLong(sizeBytes);
      out.packBinaryHeader(Id.BYTES).writePayload(id.toBytes());
    }
  }

  /** A folder in the folder; the id is that of its manifest. */
  record Folder(Bytes name, int mode, long mtimeNanos, long sizeBytes, long files, Id id)
      implements FolderEntry {
    public Folder {
      checkName(name);
      check(mode >= 0 && mode <= MODE_MAX && sizeBytes >= 0 && files >= 0);
    }

    @Override
    public void writeTo(MessagePacker out) throws IOException {
      out.packArrayHeader(7).packInt(FOLDER);
      writeBytes(out, name);
      out.packInt(mode).packLong(mtimeNanos).packLong(sizeBytes).packLong(files);
      out.packBinaryHeader(Id.BYTES).writePayload(id.toBytes());
    }
  }

  /** A symbolic link; where it leads is nobody's business. */
  record Link(Bytes name, long mtimeNanos, Bytes target) implements FolderEntry {
    public Link {
      checkName(name);
      check(target.size() > 0 && target.size() <= TARGET_BYTES_MAX);
      check(indexOf(target, (byte) 0) < 0);
    }

    @Override
    public long sizeBytes() {
      return 0;
    }

    @Override
    public long files() {
      return 0;
    }

    @Override
    public int encodedBytesMax() {
      return OVERHEAD_BYTES_MAX + name.size() + target.size();
    }

    @Override
    public void writeTo(MessagePacker out) throws IOException {
      out.packArrayHeader(4).packInt(LINK);
      writeBytes(out, name);
      out.packLong(mtimeNanos);
      writeBytes(out, target);
    }
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @throws IllegalArgumentException when it is no entry
   */
  static FolderEntry readFrom(MessageUnpacker in) throws IOException {
    int fields = in.unpackArrayHeader();
    int kind = in.unpackInt();
    Bytes name = readBytes(in, NAME_BYTES_MAX);
    if (kind == LINK) {
      check(fields == 4);
      return new Link(name, in.unpackLong(), readBytes(in, TARGET_BYTES_MAX));
    }
    int mode = in.unpackInt();
    long mtimeNanos = in.unpackLong();
    long sizeBytes = in.unpackLong();
    if (kind == FILE) {
      check(fields == 6);
      return new File(name, mode, mtimeNanos, sizeBytes, readId(in));
    }
    check(kind == FOLDER && fields == 7);
    return new Folder(name, mode, mtimeNanos, sizeBytes, in.unpackLong(), readId(in));
  }

  private static void checkName(Bytes name) {
    byte[] bytes = name.unsafeArray();
    check(bytes.length > 0 && bytes.length <= NAME_BYTES_MAX);
    boolean dots = bytes[0] == '.' && (bytes.length == 1 || (bytes.length == 2 && bytes[1] == '.'));
    check(!dots && indexOf(name, (byte) '/') < 0 && indexOf(name, (byte) 0) < 0);
  }

  private static int indexOf(Bytes bytes, byte wanted) {
    byte[] array = bytes.unsafeArray();
    for (int i = 0; i < array.length; i++) {
      if (array[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static void writeBytes(MessagePacker out, Bytes bytes) throws IOException {
    out.packBinaryHeader(bytes.size()).writePayload(bytes.unsafeArray());
  }

  private static Bytes readBytes(MessageUnpacker in, int sizeMax) throws IOException {
    int size = in.unpackBinaryHeader();
    check(size <= sizeMax);
    return Bytes.wrap(in.readPayload(size));
  }

  static Id readId(MessageUnpacker in) throws IOException {
    check(in.unpackBinaryHeader() == Id.BYTES);
    return Id.of(in.readPayload(Id.BYTES));
  }

  static void check(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("this item begins like a folder and is none");
    }
  }
}
