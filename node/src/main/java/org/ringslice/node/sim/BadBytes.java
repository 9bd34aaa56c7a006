package org.ringslice.node.sim;

import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;
import org.ringslice.node.event.DiskHealth;

/**
 * Which copies on a disk have lost their bytes while their rows stay. Such a copy is bad without a
 * word until somebody reads it; then it is known to be damaged, and its row is gone, until it is
 * kept again. Besides, for the checks: every copy that a fault of this disk ever took.
 */
final class BadBytes {
  /** So much of what was written last may be half there after a torn crash. A guess. */
  private static final int LAST_WRITES_MAX = 64;

  /** And nothing that is older: the caches of drives are written back by then. A guess. */
  private static final long LAST_WRITES_NANOS = 5_000_000_000L;

  private record Write(long atNanos, Id id) {}

  private final TreeSet<Id> unknown = new TreeSet<>();
  private final TreeMap<Id, EntryInfo> damaged = new TreeMap<>();
  private final TreeSet<Id> taken = new TreeSet<>();
  private final ArrayDeque<Write> lastWrites = new ArrayDeque<>();

  /** A row and its bytes were written, whatever was there before. */
  void written(Id id, long nowNanos) {
    unknown.remove(id);
    damaged.remove(id);
    lastWrites.add(new Write(nowNanos, id));
    if (lastWrites.size() > LAST_WRITES_MAX) {
      lastWrites.poll();
    }
  }

  /** A row is there no more, and whoever took it away did so on purpose. */
  void forgotten(Id id) {
    unknown.remove(id);
  }

  /** The bytes of a row go bad. */
  void spoil(Id id) {
    unknown.add(id);
    taken.add(id);
  }

  /** A copy is gone, row and all. */
  void take(Id id) {
    unknown.remove(id);
    taken.add(id);
  }

  /** Whether the bytes of a row are bad. */
  boolean isBad(Id id) {
    return unknown.contains(id);
  }

  /** The rows whose bytes are bad, as nobody knows yet. */
  List<Id> unknown() {
    return List.copyOf(unknown);
  }

  /** Somebody has read it; its row goes. */
  void found(Id id, EntryInfo info) {
    unknown.remove(id);
    damaged.put(id, info);
  }

  /** Of what is damaged of an id nothing is wanted any more. */
  void forget(Id id) {
    damaged.remove(id);
  }

  /** Whether a fault of this disk took that copy once. */
  boolean hasTaken(Id id) {
    return taken.contains(id);
  }

  /** What was written last, the oldest first. */
  List<Id> lastWrites(long nowNanos) {
    return lastWrites.stream()
        .filter(write -> nowNanos - write.atNanos() <= LAST_WRITES_NANOS)
        .map(Write::id)
        .distinct()
        .toList();
  }

  /** As it is now; what was ever taken is no part of it. */
  BadBytes copy() {
    BadBytes copy = new BadBytes();
    copy.unknown.addAll(unknown);
    copy.damaged.putAll(damaged);
    return copy;
  }

  /** Becomes as it was when that was copied. */
  void becomeAgain(BadBytes before) {
    unknown.clear();
    damaged.clear();
    lastWrites.clear();
    unknown.addAll(before.unknown);
    damaged.putAll(before.damaged);
  }

  /** What a store would tell of it. */
  DiskHealth health() {
    List<Id> first = damaged.keySet().stream().limit(DiskHealth.FIRST_MAX).toList();
    return new DiskHealth(damaged.size(), first, 0, false);
  }
}
