package org.ringslice.node.folder;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.List;
import java.util.Optional;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.ForeignArc;

/**
 * The folder in which a node keeps itself: its identity, the peers it knew, where it listens, and,
 * below {@link #storePath}, its items. While one is open its folder is locked against every other,
 * in this process or another; a kill leaves it usable at once.
 *
 * <p>Setters are durable when they return, and so wait for the disk. May be used by any thread.
 */
public final class DataFolder implements Closeable {
  /**
   * The low bits of an incarnation, which a running node counts up to refute a suspicion (SWIM, Das
   * et al. 2002, section 4.2); the bits above number its starts. A million refutations in one run
   * is a guess that errs high.
   */
  public static final int INCARNATION_BITS = 20;

  private final Path dir;
  private final FolderLock lock;
  private NodeState state;
  private boolean closed;
  private boolean abandoned;

  private DataFolder(Path dir, FolderLock lock, NodeState state) {
    this.dir = dir;
    this.lock = lock;
    this.state = state;
  }

  /** Opens a folder, made when it is missing, for a node that starts. */
  public static DataFolder open(Path dir) throws FolderException {
    Path folder = dir.toAbsolutePath().normalize();
    if (!isNameable(folder)) {
      throw new FolderException(
          "The folder "
              + folder
              + " can't be used (the database takes only names in UTF-8, without pictograms): choose"
              + " another folder with --dir.");
    }
    FolderLock lock = lock(folder);
    try {
      EndpointFile.remove(folder);
      NodeState state = NodeState.read(folder).startedAgain(System.currentTimeMillis());
      // before it is used: an incarnation that others saw must not come again
      state.write(folder);
      DataFolder opened = new DataFolder(folder, lock, state);
      // also where the folder itself was there already, open to all
      OwnerOnly.createFolders(opened.storePath());
      return opened;
    } catch (IOException | RuntimeException e) {
      release(lock);
      throw unusable(folder, e);
    }
  }

  /** RocksDB's Java side gives names in what the JVM calls UTF-8, which differs past U+FFFF. */
  private static boolean isNameable(Path folder) {
    String text = folder.toString();
    boolean ascii = text.chars().allMatch(c -> c < 0x80);
    boolean inUtf8 = System.getProperty("sun.jnu.encoding", "").equalsIgnoreCase("UTF-8");
    return ascii
        || (inUtf8
            && text.chars().noneMatch(c -> Character.isSurrogate((char) c) || c == '\ufffd'));
  }

  private static FolderLock lock(Path folder) throws FolderException {
    try {
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        throw new FolderException(
            folder + " is not a folder: choose another place for the node's data with --dir.");
      }
      OwnerOnly.createFolders(folder);
      Optional<FolderLock> lock = FolderLock.take(folder);
      if (lock.isEmpty()) {
        throw inUse(folder);
      }
      return lock.get();
    } catch (IOException | RuntimeException e) {
      throw unusable(folder, e);
    }
  }

  private static FolderException inUse(Path folder) {
    Optional<Running> node = EndpointFile.read(folder);
    StringBuilder who = new StringBuilder("another node");
    FolderLock.lastHolder(folder).ifPresent(pid -> who.append(", process ").append(pid));
    node.ifPresent(running -> who.append(", at ").append(running.endpoints().get(0)));
    return new FolderException(
        "The folder "
            + folder
            + " is in use by "
            + who
            + ": stop it, or choose another folder with --dir.");
  }

  private static FolderException unusable(Path folder, Exception e) {
    return new FolderException(
        "The folder "
            + folder
            + " can't be used ("
            + reason(e)
            + "): put that right, or choose another folder with --dir.",
        e);
  }

  private static String reason(Exception e) {
    if (e instanceof AccessDeniedException || e instanceof ReadOnlyFileSystemException) {
      return "this user may not write there";
    }
    if (e instanceof NoSuchFileException) {
      return "it can't be made there";
    }
    String said = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
    return said == null ? e.toString() : said;
  }

  private static void release(FolderLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      // the failure that led here is the one to tell; the lock goes with the process at the latest
    }
  }

  /**
   * The node that runs in a folder, for those who want to ask it; nothing when none does, or none
   * that this user may know of. Loads nothing but the JDK.
   */
  public static Optional<Running> running(Path dir) {
    return EndpointFile.running(dir);
  }

  /** The node's place on the ring; nothing before its first {@link #setId}. */
  public synchronized Optional<Id> id() {
    return state.id();
  }

  public synchronized void setId(Id id) throws FolderException {
    become(state.withId(id));
  }

  /**
   * Grows at each start; its low {@value #INCARNATION_BITS} bits are zero, for the running node to
   * count.
   */
  public synchronized long incarnation() {
    return state.starts() << INCARNATION_BITS;
  }

  public synchronized Optional<String> network() {
    return state.network();
  }

  public synchronized void setNetwork(String network) throws FolderException {
    become(state.withNetwork(network));
  }

  /** The control port of last time; 0 when there is none. */
  public synchronized int controlPort() {
    return state.controlPort();
  }

  /** The bulk port of last time; 0 when there is none. */
  public synchronized int bulkPort() {
    return state.bulkPort();
  }

  public synchronized void setPorts(int controlPort, int bulkPort) throws FolderException {
    become(state.withPorts(controlPort, bulkPort));
  }

  private void become(NodeState next) throws FolderException {
    checkOpen();
    if (abandoned || next.equals(state)) {
      return;
    }
    try {
      next.write(dir);
      state = next;
    } catch (IOException e) {
      throw unusable(dir, e);
    }
  }

  /** Whom the node knew when it last told; none when the file is damaged. */
  public synchronized List<Peer> rememberedPeers() {
    return PeersFile.read(dir);
  }

  /**
   * Keeps the first {@code PEERS_MAX} (512) of these peers for the next start, in place of those
   * before.
   */
  public synchronized void remember(List<Peer> peers) throws FolderException {
    checkOpen();
    if (abandoned) {
      return;
    }
    try {
      PeersFile.write(dir, peers);
    } catch (IOException e) {
      throw unusable(dir, e);
    }
  }

  /** Of what it was no holder, for how long, when it last told; nothing when that is damaged. */
  public synchronized List<ForeignArc> rememberedForeign() {
    return ForeignFile.read(dir);
  }

  /** Keeps this for the next start, in place of what was kept before. */
  public synchronized void rememberForeign(List<ForeignArc> arcs) throws FolderException {
    checkOpen();
    if (abandoned) {
      return;
    }
    try {
      ForeignFile.write(dir, arcs);
    } catch (IOException e) {
      throw unusable(dir, e);
    }
  }

  /** Lets client commands find this node, from now on until it is closed or killed. */
  public synchronized void announce(Id id, String network, List<Endpoint> endpoints)
      throws FolderException {
    checkOpen();
    if (abandoned) {
      return;
    }
    try {
      EndpointFile.write(dir, new Running(id, network, endpoints, ProcessHandle.current().pid()));
    } catch (IOException e) {
      throw unusable(dir, e);
    }
  }

  /** The folder itself, absolute. */
  public Path path() {
    return dir;
  }

  /** Where the items belong: a folder, closed to others unless it was there already. */
  public Path storePath() {
    return dir.resolve("items");
  }

  /** What keeps its name and stays the same file while a node runs. */
  List<Path> fixedPaths() {
    return List.of(dir, dir.resolve(FolderLock.FILE), storePath(), storePath().resolve("blocks"));
  }

  /** The folder is not this node's any more: nothing is written to it from now on. */
  public synchronized void abandon() {
    abandoned = true;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the data folder is closed");
    }
  }

  /** Lets go of the folder. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (!abandoned) {
        EndpointFile.remove(dir);
      }
    } catch (IOException e) {
      // stale then, and seen to be so: the lock is free
    }
    release(lock);
  }
}
