package org.ringslice.node.store;

import java.nio.file.Path;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.EventSink;

/**
 * Tells the node when room on the disk becomes short, early enough that copies which it need not
 * hold can go before stores are refused. Belongs to the writer's thread.
 */
final class RoomWatch {
  /**
   * Free space below which room is short, in times of what is left free of stores: 1 GiB. A guess:
   * twenty seconds of stores at 45 MB a second, before which nothing is dropped.
   */
  private static final int SHORT_RESERVES = 8;

  /** Free space from which on it is no longer short. */
  private static final int ENOUGH_RESERVES = 10;

  private final Path folder;
  private final EventSink sink;
  private final long reserveBytes;
  private boolean isShort;

  RoomWatch(Path folder, EventSink sink, long reserveBytes) {
    this.folder = folder;
    this.sink = sink;
    this.reserveBytes = reserveBytes;
  }

  /** Looks how much there is; a microsecond or two. */
  void look() {
    long freeBytes = folder.toFile().getUsableSpace();
    boolean now = freeBytes < reserveBytes * (isShort ? ENOUGH_RESERVES : SHORT_RESERVES);
    if (now != isShort) {
      isShort = now;
      sink.put(new Event.RoomShort(now));
    }
  }
}
