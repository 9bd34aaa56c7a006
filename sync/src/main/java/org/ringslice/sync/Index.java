package org.ringslice.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;

/**
 * The entries of a ring as digests of 8 bytes, in leaves of at most {@value #LEAF_ENTRIES} that are
 * cut by count and not by prefix, so that a dense spot costs no more than a spread.
 *
 * <p>Ids are kept for the leaves' ends alone. Where a leaf must be cut (it is {@linkplain #crowded
 * crowded}, or an arc ends {@linkplain #uncut inside} it), its ids are asked of the store and given
 * to {@link #cut}; until then everything stays correct, and a crowded leaf is only slower. Once its
 * ends are cut, the summary of an arc is exact and takes O(log n). Confined to one thread.
 */
public final class Index {
  /** Entries of a leaf: past it, it asks to be cut. Ids and objects then take 1 byte an entry. */
  static final int LEAF_ENTRIES = 160;

  /** Of a leaf that is built in one go, so that it has room for some more. */
  private static final int BUILT_ENTRIES = LEAF_ENTRIES * 3 / 4;

  /**
   * Leaves that were cut for the ends of arcs stay, until there is one for so few entries, which is
   * 12 bytes an entry, and {@value #SPARE_LEAVES} beside; then small neighbours become one again.
   */
  private static final int LEAF_ENTRIES_MEAN_MIN = 48;

  static final int SPARE_LEAVES = 4096;

  private final ToLongFunction<EntryInfo> digest;
  private final long keyCheck;
  private final List<Id> crowded = new ArrayList<>();
  private LeafTree leaves;

  /** An empty index whose fingerprints are under the key of a network. */
  public Index(EntryDigest key) {
    this(key, List.of(new Leaf(Id.ZERO, new long[0], 0)));
  }

  private Index(EntryDigest key, List<Leaf> ascending) {
    this(key::of, IndexCodec.keyCheck(key), ascending);
  }

  Index(ToLongFunction<EntryInfo> digest) {
    this(digest, 0, List.of(new Leaf(Id.ZERO, new long[0], 0)));
  }

  private Index(ToLongFunction<EntryInfo> digest, long keyCheck, List<Leaf> ascending) {
    this.digest = digest;
    this.keyCheck = keyCheck;
    leaves = new LeafTree(ascending);
    ascending.forEach(this::noteCrowded);
    ascending.forEach(this::noteCrowded);
  }

  /**
   * The index of entries in the order of their ids.
   *
   * @throws IllegalArgumentException when they are not in order
   */
  public static Index of(EntryDigest key, Iterable<EntryInfo> ascending) {
    List<Leaf> leaves = new ArrayList<>();
    long[] digests = new long[LEAF_ENTRIES];
    int count = 0;
    Id first = Id.ZERO;
    Id before = Id.ZERO;
    for (EntryInfo entry : ascending) {
      if (entry.id().compareTo(before) < 0) {
        throw new IllegalArgumentException(entry.id() + " comes after " + before);
      }
      if (count >= BUILT_ENTRIES && !entry.id().equals(before)) {
        leaves.add(new Leaf(first, Arrays.copyOf(digests, count), count));
        first = entry.id();
        count = 0;
      }
      if (count == digests.length) {
        digests = Arrays.copyOf(digests, 2 * count);
      }
      digests[count++] = key.of(entry);
      before = entry.id();
    }
    leaves.add(new Leaf(first, Arrays.copyOf(digests, count), count));
    return new Index(key, leaves);
  }

  /** Everything, to be kept on disk: 8.3 bytes an entry, and a checksum. */
  public Bytes save() {
    return IndexCodec.encode(keyCheck, leaves.beginningIn(Arc.wholeRing(Id.MAX)), size());
  }

  /**
   * The index that was {@linkplain #save saved} under this key.
   *
   * @throws IllegalArgumentException when the bytes are not whole; the sentence says why
   */
  public static Index load(EntryDigest key, Bytes saved) {
    return new Index(key, IndexCodec.decode(key, saved));
  }

  long digest(EntryInfo entry) {
    return digest.applyAsLong(entry);
  }

  /** Takes in an entry that is not yet there. */
  public void add(EntryInfo entry) {
    long added = digest(entry);
    Leaf leaf = leaves.find(entry.id());
    leaf.add(added);
    leaves.shift(leaf, 1, added);
    if (leaf.count == LEAF_ENTRIES + 1) {
      crowded.add(leaf.first);
    }
  }

  /** Takes out an entry, exactly as it was added; false when it is not there. */
  public boolean remove(EntryInfo entry) {
    long removed = digest(entry);
    Leaf leaf = leaves.find(entry.id());
    if (!leaf.remove(removed)) {
      return false;
    }
    leaves.shift(leaf, -1, -removed);
    return true;
  }

  /** How many entries there are. */
  public int size() {
    return leaves.summary().count();
  }

  /**
   * Count and fingerprint of an arc.
   *
   * @throws IllegalStateException when an end of the arc is {@linkplain #uncut uncut}
   */
  public Summary summary(Arc arc) {
    requireCut(arc);
    return arc.isWholeRing()
        ? leaves.summary()
        : leaves.between(arc.from().next(), arc.to().next());
  }

  /** How many entries an arc has at most: all of the leaves that it ends in are counted. */
  public int countAtMost(Arc arc) {
    Leaf first = leaves.find(arc.from().next());
    Leaf last = leaves.find(arc.to());
    boolean within = !arc.isWholeRing() && arc.from().next().compareTo(arc.to()) <= 0;
    if (first == last) {
      return within ? first.count : size();
    }
    return leaves.between(first.first, leaves.endOf(last)).count();
  }

  /**
   * An arc cut at ends of leaves into consecutive ones of about as many entries each: at most so
   * many, but where one leaf has more or an end of the arc is uncut. One arc when it has no more.
   */
  public List<Arc> pieces(Arc arc, int entries) {
    int all = countAtMost(arc);
    List<Arc> pieces = new ArrayList<>();
    if (all > entries) {
      int even = (int) (all / ((all + (long) entries - 1) / entries));
      Leaf begin = leaves.find(arc.from().next());
      int count = begin.first.equals(arc.from().next()) ? 0 : begin.count;
      Id from = arc.from();
      for (Leaf leaf : leaves.beginningIn(arc)) {
        boolean full = count > 0 && (count >= even || count + leaf.count > entries);
        if (full && !leaf.first.previous().equals(from)) {
          pieces.add(new Arc(from, leaf.first.previous()));
          from = leaf.first.previous();
          count = 0;
        }
        count += leaf.count;
      }
      pieces.add(new Arc(from, arc.to()));
    } else {
      pieces.add(arc);
    }
    return pieces;
  }

  /** The arcs, at most two, whose ids {@link #cut} needs before the summary of an arc is exact. */
  public List<Arc> uncut(Arc arc) {
    List<Arc> arcs = new ArrayList<>();
    if (!arc.isWholeRing()) {
      addUncut(arc.from().next(), arcs);
      addUncut(arc.to().next(), arcs);
    }
    return arcs;
  }

  private void addUncut(Id first, List<Arc> arcs) {
    Leaf leaf = leaves.find(first);
    boolean cut = leaf.count == 0 || leaf.first.equals(first);
    if (!cut && !arcs.contains(leaves.arcOf(leaf))) {
      arcs.add(leaves.arcOf(leaf));
    }
  }

  private void requireCut(Arc arc) {
    if (!uncut(arc).isEmpty()) {
      throw new IllegalStateException("the ends of " + arc + " are not cut yet");
    }
  }

  /** A leaf that has too many entries: its ids are wanted by {@link #split}. */
  public Optional<Arc> crowded() {
    while (!crowded.isEmpty()) {
      Leaf leaf = leaves.find(crowded.get(0));
      if (leaf.count > LEAF_ENTRIES) {
        return Optional.of(leaves.arcOf(leaf));
      }
      crowded.remove(0);
    }
    return Optional.empty();
  }

  /**
   * Cuts a crowded leaf into leaves of the usual size.
   *
   * @param entries all those of the leaf, and such as are still to be added
   * @return false when some that it holds are not among these: ask again
   */
  public boolean split(Arc leaf, List<EntryInfo> entries) {
    Leaf crowd = leaves.find(leaf.from().next());
    crowded.remove(crowd.first);
    List<EntryInfo> own = ofLeaf(crowd, entries);
    if (own.isEmpty()) {
      noteCrowded(crowd);
      return false;
    }
    own.sort((a, b) -> a.id().compareTo(b.id()));
    List<Leaf> later = new ArrayList<>();
    int begin = 0;
    for (int i = 1; i <= own.size(); i++) {
      boolean full = i - begin >= BUILT_ENTRIES;
      if (i == own.size() || (full && !own.get(i).id().equals(own.get(i - 1).id()))) {
        Id first = begin == 0 ? crowd.first : own.get(begin).id();
        later.add(leaf(first, own.subList(begin, i)));
        begin = i;
      }
    }
    replace(crowd, later);
    return true;
  }

  private Leaf leaf(Id first, List<EntryInfo> entries) {
    Leaf leaf = new Leaf(first, new long[entries.size()], 0);
    entries.forEach(entry -> leaf.add(digest(entry)));
    leaf.update();
    return leaf;
  }

  /** Puts leaves in the place of one; the first of them begins where it does. */
  private void replace(Leaf leaf, List<Leaf> parts) {
    Leaf low = parts.get(0);
    Summary moved = leaf.own().minus(low.own());
    leaf.digests = low.digests;
    leaf.count = low.count;
    leaves.shift(leaf, -moved.count(), -moved.fingerprint());
    parts.subList(1, parts.size()).forEach(leaves::insert);
    parts.forEach(this::noteCrowded);
  }

  /** Those of some entries that a leaf holds; none when it holds others too. */
  private List<EntryInfo> ofLeaf(Leaf leaf, List<EntryInfo> entries) {
    Arc whole = leaves.arcOf(leaf);
    long[] held = Arrays.copyOf(leaf.digests, leaf.count);
    Arrays.sort(held);
    List<EntryInfo> found = new ArrayList<>(leaf.count);
    long sum = 0;
    for (EntryInfo entry : entries) {
      if (whole.contains(entry.id()) && Arrays.binarySearch(held, digest(entry)) >= 0) {
        found.add(entry);
        sum += digest(entry);
      }
    }
    return new Summary(found.size(), sum).equals(leaf.own()) ? found : List.of();
  }

  /**
   * Cuts every leaf that an end of an arc falls into. Now and then others that were cut become one
   * again, so that {@link #uncut} is to be asked before each use of an arc.
   *
   * @param entries all those of the leaves that {@link #uncut} named, and such as are still to be
   *     added
   * @return false when some that the leaves hold are not among these: ask again
   */
  public boolean cut(Arc arc, List<EntryInfo> entries) {
    if (arc.isWholeRing()) {
      return true;
    }
    mergeSmallLeaves();
    boolean begin = cut(arc.from().next(), entries);
    return cut(arc.to().next(), entries) && begin;
  }

  private boolean cut(Id point, List<EntryInfo> entries) {
    Leaf leaf = leaves.find(point);
    if (leaf.count == 0 || leaf.first.equals(point)) {
      return true;
    }
    List<EntryInfo> own = ofLeaf(leaf, entries);
    if (own.isEmpty()) {
      return false;
    }
    List<EntryInfo> low = new ArrayList<>();
    List<EntryInfo> high = new ArrayList<>();
    own.forEach(entry -> (entry.id().compareTo(point) < 0 ? low : high).add(entry));
    replace(leaf, List.of(leaf(leaf.first, low), leaf(point, high)));
    return true;
  }

  private void mergeSmallLeaves() {
    if (leaves.size() <= SPARE_LEAVES + size() / LEAF_ENTRIES_MEAN_MIN) {
      return;
    }
    List<Leaf> merged = new ArrayList<>();
    for (Leaf leaf : leaves.beginningIn(Arc.wholeRing(Id.MAX))) {
      Leaf last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && last.count + leaf.count <= BUILT_ENTRIES) {
        merged.set(merged.size() - 1, last.with(leaf));
      } else {
        merged.add(leaf);
      }
    }
    leaves = new LeafTree(merged);
  }

  private void noteCrowded(Leaf leaf) {
    if (leaf.count > LEAF_ENTRIES) {
      crowded.add(leaf.first);
    }
  }

  /**
   * The digests of all entries of an arc whose ends are cut, the same entries in the same order.
   */
  long[] digests(Arc arc) {
    long[] all = new long[summary(arc).count()];
    int count = 0;
    for (Leaf leaf : leaves.beginningIn(arc)) {
      System.arraycopy(leaf.digests, 0, all, count, leaf.count);
      count += leaf.count;
    }
    return all;
  }

  /** The smallest arcs, of whole leaves, that hold all entries of some sorted digests. */
  List<Arc> arcsOf(long[] sorted, Arc arc) {
    List<Arc> arcs = new ArrayList<>();
    if (sorted.length == 0) {
      return arcs;
    }
    requireCut(arc);
    // most digests are none of the sorted ones, and a few bits say so at once
    long[] seen = new long[Math.max(1 << 10, Integer.highestOneBit(sorted.length))];
    for (long each : sorted) {
      seen[(int) (each >>> 6) & (seen.length - 1)] |= 1L << each;
    }
    for (Leaf leaf : leaves.beginningIn(arc)) {
      for (int i = 0; i < leaf.count; i++) {
        long each = leaf.digests[i];
        boolean maybe = ((seen[(int) (each >>> 6) & (seen.length - 1)] >>> each) & 1) != 0;
        if (maybe && Arrays.binarySearch(sorted, each) >= 0) {
          addLeaf(leaves.arcOf(leaf), arcs);
          break;
        }
      }
    }
    return arcs;
  }

  private static void addLeaf(Arc leaf, List<Arc> arcs) {
    int last = arcs.size() - 1;
    if (last >= 0 && arcs.get(last).to().equals(leaf.from())) {
      arcs.set(last, new Arc(arcs.get(last).from(), leaf.to()));
    } else {
      arcs.add(leaf);
    }
  }

  /**
   * The heap that the index takes, by the object sizes of a 64-bit JVM with compressed references.
   */
  public long heapBytes() {
    long sum = 0;
    for (Leaf leaf : leaves.beginningIn(Arc.wholeRing(Id.MAX))) {
      sum += Leaf.OBJECTS_BYTES + (long) Long.BYTES * leaf.digests.length;
    }
    return sum;
  }
}
