package org.ringslice.node.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;

/**
 * What the file system tells of a file, folder or link itself.
 *
 * @param mode the permission bits; the usual ones where the file system has none
 */
record Attributes(BasicFileAttributes basic, int mode) {
  private static final int USUAL_FILE_MODE = 0644;
  private static final int USUAL_FOLDER_MODE = 0755;

  private static final PosixFilePermission[] PERMISSIONS = PosixFilePermission.values();

  /** Follows no link. */
  static Attributes of(Path path) throws IOException {
    if (!hasModes(path)) {
      BasicFileAttributes basic =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new Attributes(basic, basic.isDirectory() ? USUAL_FOLDER_MODE : USUAL_FILE_MODE);
    }
    PosixFileAttributes posix =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    int mode = 0;
    for (PosixFilePermission permission : posix.permissions()) {
      mode |= bit(permission.ordinal());
    }
    return new Attributes(posix, mode);
  }

  private static boolean hasModes(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** The permissions are in the order of the bits, from the owner's reading on. */
  private static int bit(int ordinal) {
    return 1 << (PERMISSIONS.length - 1 - ordinal);
  }

  /** Gives a file or folder, not a link, its mode and time. */
  static void set(Path path, int mode, long mtimeNanos) throws IOException {
    // the time first: who may not write it any more can't set it
    setTime(path, mtimeNanos);
    if (hasModes(path)) {
      Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
      for (PosixFilePermission permission : PERMISSIONS) {
        if ((mode & bit(permission.ordinal())) != 0) {
          permissions.add(permission);
        }
      }
      Files.setPosixFilePermissions(path, permissions);
    }
  }

  /** Follows no link. */
  static void setTime(Path path, long mtimeNanos) throws IOException {
    Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(FileTime.from(mtimeNanos, TimeUnit.NANOSECONDS), null, null);
  }

  /** Whether a file is still as it was, after so many bytes of it were read. */
  boolean isStillThatOf(Path path, long bytesRead) {
    try {
      BasicFileAttributes now =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return now.isRegularFile()
          && now.size() == bytesRead
          && now.lastModifiedTime().equals(basic.lastModifiedTime());
    } catch (IOException e) {
      return false;
    }
  }

  private long mtimeNanos() {
    return basic.lastModifiedTime().to(TimeUnit.NANOSECONDS);
  }

  FolderEntry.File file(Bytes name, FileCutter.Top top) {
    return new FolderEntry.File(name, mode, mtimeNanos(), top.sizeBytes(), top.blob().id());
  }

  FolderEntry.Folder folder(Bytes name, FolderManifest manifest, Id id) {
    return new FolderEntry.Folder(
        name, mode, mtimeNanos(), manifest.sizeBytes(), manifest.files(), id);
  }

  /** To the microsecond: Java sets the time of a link no finer, and what comes back is the same. */
  FolderEntry.Link link(Bytes name, Bytes target) {
    return new FolderEntry.Link(name, Math.floorDiv(mtimeNanos(), 1000L) * 1000, target);
  }
}
