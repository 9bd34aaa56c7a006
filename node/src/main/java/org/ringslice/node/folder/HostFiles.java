package org.ringslice.node.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.How;
import org.ringslice.messages.Id;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.Discovery;
import org.ringslice.node.port.EventSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of one user on one machine find each other through files, one for each node, in a
 * folder that they share: at once, and where no multicast goes. Each looks at the folder's time ten
 * times a second and reads what changed. A watch service is no quicker where it matters: it polls
 * every two seconds or more on macOS, and Linux gives a user 128 of them, fewer than the nodes of a
 * large test on one machine.
 *
 * <p>All work is done by one thread of its own, to which the fields below belong; only {@link
 * #start} and {@link #close} are for others, and they never wait for a disk longer than one removal
 * takes.
 */
public final class HostFiles implements Discovery {
  /** How often the folder's time is looked at: a newcomer is seen within this and one reading. */
  static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * How often files are held against the processes that they tell of; a guess, only tidiness hangs
   * on it.
   */
  static final long TIDY_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * A file system may give two changes this close one time; until then the folder is read at each
   * look.
   */
  private static final long TIME_GRAIN_MILLIS = 1000;

  /** Files read in a network's folder; those past it, in no particular order, are not seen. */
  static final int FILES_MAX = 512;

  /** A temporary file older than this has no writer any more; a write takes milliseconds. */
  private static final long WRITE_MILLIS_MAX = 60_000;

  private static final Logger LOG = LoggerFactory.getLogger(HostFiles.class);

  /** What tells one content of a file from the next: each is a new file, renamed to its name. */
  private record Stamp(FileTime time, long sizeBytes, Object fileKey) {}

  private record Seen(Stamp stamp, Optional<HostFile> content) {}

  private final Path folder;
  private final Path nodes;
  private volatile HostFile own;
  private final EventSink sink;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Seen> seen = new HashMap<>();

  private HostFile left;
  private long timeMillis;
  private boolean settled;
  private long tidiedAtNanos = System.nanoTime();
  private boolean toldOfLimit;

  private HostFiles(Path folder, HostFile own, EventSink sink) {
    this.folder = folder;
    this.nodes = RunFolder.of(folder, own.network());
    this.own = own;
    this.sink = sink;
  }

  /**
   * Meets the others in the user's folder of this machine, which RINGSLICE_RUN_DIR names when it is
   * set.
   */
  public static HostFiles start(Id id, String network, List<Endpoint> endpoints, EventSink sink) {
    return start(folderOfUser(), id, network, endpoints, sink);
  }

  private static Path folderOfUser() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    return RunFolder.of(System.getenv(), temporary, System.getProperty("user.name"));
  }

  /**
   * Where the nodes of a network listen that run on this machine now, for one who has not started
   * yet; what can't be read is passed over.
   */
  public static List<Endpoint> glance(String network) {
    return glance(folderOfUser(), network);
  }

  static List<Endpoint> glance(Path folder, String network) {
    Path nodes = RunFolder.of(folder, network);
    try (Stream<Path> files = Files.list(nodes)) {
      return files
          .filter(file -> file.toString().endsWith(HostFile.SUFFIX))
          .limit(FILES_MAX)
          .flatMap(file -> wordIn(file).stream())
          .filter(word -> word.network().equals(network) && !word.process().isGone())
          .flatMap(word -> word.endpoints().stream())
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static Optional<HostFile> wordIn(Path file) {
    try {
      Optional<byte[]> bytes = SmallFile.read(file, HostFile.BYTES_MAX);
      return bytes.isPresent() ? Optional.of(HostFile.parse(bytes.get())) : Optional.empty();
    } catch (IOException e) {
      LOG.debug("{} is passed over: {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  /** Meets the others in a folder, made when it is missing. */
  public static HostFiles start(
      Path folder, Id id, String network, List<Endpoint> endpoints, EventSink sink) {
    HostFile own = new HostFile(id, network, ProcessMark.own(), endpoints);
    HostFiles files = new HostFiles(folder, own, sink);
    Thread thread = new Thread(files::run, "ringslice-host-files");
    thread.setDaemon(true);
    thread.start();
    return files;
  }

  @Override
  public void listens(List<Endpoint> endpoints) {
    own = new HostFile(own.id(), own.network(), own.process(), endpoints);
  }

  private void run() {
    boolean trouble = false;
    try {
      do {
        trouble = look(trouble);
      } while (!closed.await(trouble ? TIDY_NANOS : LOOK_NANOS, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether there was trouble, which is told when it begins. */
  private boolean look(boolean trouble) {
    try {
      if (hasChanged()) {
        leaveWord();
        read();
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      if (!trouble && closed.getCount() > 0) {
        LOG.warn(
            "The nodes of this machine do not meet through {} ({}): put that right, or set"
                + " RINGSLICE_RUN_DIR to a folder of your own.",
            folder,
            e.getMessage());
      }
      return true;
    }
  }

  /** Writes the own file, again when it is outdated, or somebody tidied it away. */
  private synchronized void leaveWord() throws IOException {
    HostFile word = own;
    Path file = nodes.resolve(word.name());
    if (closed.getCount() > 0 && !(word.equals(left) && Files.exists(file))) {
      RunFolder.prepare(folder, word.network());
      SmallFile.replace(file, word.toBytes(), SmallFile.Outlives.A_KILL);
      left = word;
    }
  }

  /** Removals change the folder's time too, that of the own file among them. */
  private boolean hasChanged() {
    return !settled
        || !own.equals(left)
        || nodes.toFile().lastModified() != timeMillis
        || isTimeToTidy();
  }

  private boolean isTimeToTidy() {
    return System.nanoTime() - tidiedAtNanos >= TIDY_NANOS;
  }

  private void read() throws IOException {
    boolean tidy = isTimeToTidy();
    timeMillis = nodes.toFile().lastModified();
    settled = Math.abs(System.currentTimeMillis() - timeMillis) > TIME_GRAIN_MILLIS;
    Set<String> there = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(nodes)) {
      for (Path file : files) {
        if (there.size() == FILES_MAX) {
          tellOfLimit();
          break;
        }
        String name = file.getFileName().toString();
        there.add(name);
        if (name.endsWith(HostFile.SUFFIX)) {
          readIfChanged(file, tidy);
        } else if (tidy) {
          removeIfLeftBehind(file);
        }
      }
    }
    seen.keySet().retainAll(there);
    if (tidy) {
      tidiedAtNanos = System.nanoTime();
    }
  }

  private void tellOfLimit() {
    if (!toldOfLimit) {
      toldOfLimit = true;
      LOG.warn(
          "More than {} nodes left word in {}; those past that are not found this way. Remove that"
              + " folder if they do not run.",
          FILES_MAX,
          nodes);
    }
  }

  private void readIfChanged(Path file, boolean tidy) throws IOException {
    String name = file.getFileName().toString();
    if (name.equals(own.name())) {
      return;
    }
    try {
      Stamp stamp = stampOf(file);
      Seen before = seen.get(name);
      boolean same = before != null && before.stamp.equals(stamp);
      Seen now = same ? before : new Seen(stamp, contentOf(file));
      if ((!same || tidy) && now.content.isPresent() && now.content.get().process().isGone()) {
        Files.deleteIfExists(file);
        seen.remove(name);
        return;
      }
      seen.put(name, now);
      if (!same) {
        tellOf(now.content, before == null ? Optional.empty() : before.content);
      }
    } catch (NoSuchFileException e) {
      seen.remove(name); // its node closed meanwhile
    }
  }

  /** A writer that was killed before the renaming leaves its temporary file. */
  private static void removeIfLeftBehind(Path file) throws IOException {
    long ageMillis = System.currentTimeMillis() - file.toFile().lastModified();
    if (file.toString().endsWith(SmallFile.TEMPORARY_SUFFIX) && ageMillis > WRITE_MILLIS_MAX) {
      Files.deleteIfExists(file);
    }
  }

  private static Stamp stampOf(Path file) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
  }

  /**
   * Nothing when it is damaged, as one of a newer version may seem to be, or of another network.
   */
  private Optional<HostFile> contentOf(Path file) throws IOException {
    try {
      Optional<byte[]> bytes = SmallFile.read(file, HostFile.BYTES_MAX);
      if (bytes.isPresent()) {
        return Optional.of(HostFile.parse(bytes.get())).filter(this::isOfOwnNetwork);
      }
    } catch (DamagedException e) {
      LOG.debug("{} is passed over: {}", file, e.getMessage());
    }
    return Optional.empty();
  }

  private boolean isOfOwnNetwork(HostFile file) {
    return file.network().equals(own.network());
  }

  private void tellOf(Optional<HostFile> now, Optional<HostFile> before) {
    List<Endpoint> endpoints = now.map(HostFile::endpoints).orElse(List.of());
    if (!endpoints.equals(before.map(HostFile::endpoints).orElse(List.of()))) {
      endpoints.forEach(endpoint -> sink.put(new Event.Sighted(endpoint, How.HOST)));
    }
  }

  /** Takes the own file away; nothing is written after this. */
  @Override
  public synchronized void close() {
    closed.countDown();
    try {
      Files.deleteIfExists(nodes.resolve(own.name()));
    } catch (IOException e) {
      LOG.debug("The own file in {} stays behind: {}", nodes, e.toString());
    }
  }
}
