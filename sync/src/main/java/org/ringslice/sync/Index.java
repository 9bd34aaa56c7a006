package org.ringslice.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.ringslice.messages.Arc;
import org.ringslice.messages.EntryInfo;
import org.ringslice.messages.Id;

/**
 * The entries of a ring as digests of 8 bytes, in leaves of at most {@value #LEAF_ENTRIES} that are
 * cut by count and not by prefix, so that a dense spot costs no more than a spread; the leaves form
 * a treap (Seidel, Aragon, Randomized search trees, 1996), each with the summary of all below it.
 *
 * <p>Ids are kept for the leaves' ends alone. Where a leaf must be cut (it is {@linkplain #crowded
 * crowded}, or an arc ends {@linkplain #uncut inside} it), its ids are asked of the store and given
 * to {@link #cut}; until then everything stays correct, and a crowded leaf is only slower. Once its
 * ends are cut, the summary of an arc is exact and takes O(log n). Confined to one thread.
 */
public final class Index {
  /** Entries of a leaf: past it, it asks to be cut. Ids and objects then take 1 byte an entry. */
  static final int LEAF_ENTRIES = 160;

  private final ToLongFunction<EntryInfo> digest;
  private final List<Id> crowded = new ArrayList<>();
  private Leaf root = new Leaf(Id.ZERO, new long[0], 0);

  /** An empty index whose fingerprints are under the key of a network. */
  public Index(EntryDigest key) {
    this(key::of);
  }

  Index(ToLongFunction<EntryInfo> digest) {
    this.digest = digest;
  }

  /**
   * The index of entries in the order of their ids.
   *
   * @throws IllegalArgumentException when they are not in order
   */
  public static Index of(EntryDigest key, Iterable<EntryInfo> ascending) {
    Index index = new Index(key);
    Leaf last = index.root;
    Id before = Id.ZERO;
    for (EntryInfo entry : ascending) {
      if (entry.id().compareTo(before) < 0) {
        throw new IllegalArgumentException(entry.id() + " comes after " + before);
      }
      if (last.count >= LEAF_ENTRIES * 3 / 4 && !entry.id().equals(before)) {
        last = index.append(last, entry.id());
      }
      before = entry.id();
      last.add(key.of(entry));
    }
    index.append(last, null);
    return index;
  }

  /** Puts a full last leaf into the tree; the next one is put there when it is full. */
  private Leaf append(Leaf last, Id next) {
    last.digests = Arrays.copyOf(last.digests, last.count);
    last.update();
    if (last != root) {
      insert(last);
    }
    return next == null ? last : new Leaf(next, new long[LEAF_ENTRIES], 0);
  }

  long digest(EntryInfo entry) {
    return digest.applyAsLong(entry);
  }

  /** Takes in an entry that is not yet there. */
  public void add(EntryInfo entry) {
    long added = digest(entry);
    Leaf leaf = leafOf(entry.id());
    leaf.add(added);
    shift(entry.id(), 1, added);
    if (leaf.count == LEAF_ENTRIES + 1) {
      crowded.add(leaf.first);
    }
  }

  /** Takes out an entry, exactly as it was added; false when it is not there. */
  public boolean remove(EntryInfo entry) {
    long removed = digest(entry);
    if (!leafOf(entry.id()).remove(removed)) {
      return false;
    }
    shift(entry.id(), -1, -removed);
    return true;
  }

  /** How many entries there are. */
  public int size() {
    return root.subtree().count();
  }

  /**
   * Count and fingerprint of an arc.
   *
   * @throws IllegalStateException when an end of the arc is {@linkplain #uncut uncut}
   */
  public Summary summary(Arc arc) {
    requireCut(arc);
    if (arc.isWholeRing()) {
      return root.subtree();
    }
    Id begin = arc.from().next();
    Id end = arc.to().next();
    Summary between = below(end).minus(below(begin));
    return end.compareTo(begin) < 0 ? between.plus(root.subtree()) : between;
  }

  /** The arcs, at most two, whose ids {@link #cut} needs before the summary of an arc is exact. */
  public List<Arc> uncut(Arc arc) {
    List<Arc> leaves = new ArrayList<>();
    if (!arc.isWholeRing()) {
      addUncut(arc.from().next(), leaves);
      addUncut(arc.to().next(), leaves);
    }
    return leaves;
  }

  private void addUncut(Id first, List<Arc> leaves) {
    Leaf leaf = leafOf(first);
    if (leaf.count == 0) {
      cut(first, List.of());
    } else if (!leaf.first.equals(first) && !leaves.contains(arcOf(leaf))) {
      leaves.add(arcOf(leaf));
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
      Leaf leaf = leafOf(crowded.get(0));
      if (leaf.count > LEAF_ENTRIES) {
        return Optional.of(arcOf(leaf));
      }
      crowded.remove(0);
    }
    return Optional.empty();
  }

  /** Cuts a crowded leaf into halves; false when the entries are not what it holds by now. */
  public boolean split(Arc leaf, List<EntryInfo> entries) {
    List<EntryInfo> sorted = new ArrayList<>(entries);
    sorted.sort((a, b) -> a.id().compareTo(b.id()));
    crowded.remove(leaf.from().next());
    int middle = sorted.size() / 2;
    while (middle < sorted.size() && sorted.get(middle).id().equals(sorted.get(0).id())) {
      middle++;
    }
    return middle == sorted.size() || cut(sorted.get(middle).id(), entries);
  }

  /**
   * Cuts every leaf that an end of an arc falls into.
   *
   * @param entries all those of the leaves that {@link #uncut} named
   * @return false when the entries are not what the leaves hold by now: ask again
   */
  public boolean cut(Arc arc, List<EntryInfo> entries) {
    if (arc.isWholeRing()) {
      return true;
    }
    boolean begin = cut(arc.from().next(), entries);
    return cut(arc.to().next(), entries) && begin;
  }

  private boolean cut(Id point, List<EntryInfo> entries) {
    Leaf leaf = leafOf(point);
    if (leaf.first.equals(point)) {
      return true;
    }
    Arc whole = arcOf(leaf);
    Leaf low = new Leaf(leaf.first, new long[0], 0);
    Leaf high = new Leaf(point, new long[0], 0);
    for (EntryInfo entry : entries) {
      if (whole.contains(entry.id())) {
        (entry.id().compareTo(point) < 0 ? low : high).add(digest(entry));
      }
    }
    if (!low.own().plus(high.own()).equals(leaf.own())) {
      return false;
    }
    leaf.digests = Arrays.copyOf(low.digests, low.count);
    leaf.count = low.count;
    high.digests = Arrays.copyOf(high.digests, high.count);
    high.update();
    shift(leaf.first, -high.count, -high.own().fingerprint());
    insert(high);
    noteCrowded(leaf);
    noteCrowded(high);
    return true;
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
    for (Leaf leaf : leaves(arc)) {
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
    // most digests are none of the sorted ones, and a few bits say so at once
    long[] seen = new long[Math.max(1 << 10, Integer.highestOneBit(sorted.length))];
    for (long each : sorted) {
      seen[(int) (each >>> 6) & (seen.length - 1)] |= 1L << each;
    }
    for (Leaf leaf : leaves(arc)) {
      for (int i = 0; i < leaf.count; i++) {
        long each = leaf.digests[i];
        boolean maybe = ((seen[(int) (each >>> 6) & (seen.length - 1)] >>> each) & 1) != 0;
        if (maybe && Arrays.binarySearch(sorted, each) >= 0) {
          addLeaf(arcOf(leaf), arcs);
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

  private List<Leaf> leaves(Arc arc) {
    requireCut(arc);
    List<Leaf> within = new ArrayList<>();
    collect(root, arc, within);
    return within;
  }

  private static void collect(Leaf tree, Arc arc, List<Leaf> within) {
    if (tree == null) {
      return;
    }
    collect(tree.left, arc, within);
    if (tree.count > 0 && arc.contains(tree.first)) {
      within.add(tree);
    }
    collect(tree.right, arc, within);
  }

  /**
   * The heap that the index takes, by the object sizes of a 64-bit JVM with compressed references.
   */
  public long heapBytes() {
    long sum = 0;
    for (Leaf leaf : leaves(Arc.wholeRing(Id.ZERO))) {
      sum += Leaf.OBJECTS_BYTES + (long) Long.BYTES * leaf.digests.length;
    }
    return sum;
  }

  private Leaf leafOf(Id id) {
    Leaf found = null;
    for (Leaf at = root; at != null; ) {
      boolean here = at.first.compareTo(id) <= 0;
      found = here ? at : found;
      at = here ? at.right : at.left;
    }
    return found;
  }

  private Arc arcOf(Leaf leaf) {
    Id next = Id.ZERO;
    for (Leaf at = root; at != null; ) {
      boolean above = at.first.compareTo(leaf.first) > 0;
      next = above ? at.first : next;
      at = above ? at.left : at.right;
    }
    return new Arc(leaf.first.previous(), next.previous());
  }

  /** The summary of all leaves that begin before a point. */
  private Summary below(Id point) {
    Summary sum = Summary.EMPTY;
    for (Leaf at = root; at != null; ) {
      if (at.first.compareTo(point) < 0) {
        sum = sum.plus(at.subtree()).minus(Leaf.subtreeOf(at.right));
        at = at.right;
      } else {
        at = at.left;
      }
    }
    return sum;
  }

  private void shift(Id id, int entries, long fingerprint) {
    Leaf target = leafOf(id);
    for (Leaf at = root; ; ) {
      at.shift(entries, fingerprint);
      if (at == target) {
        return;
      }
      at = at.first.compareTo(target.first) < 0 ? at.right : at.left;
    }
  }

  private void insert(Leaf leaf) {
    root = insert(root, leaf);
  }

  private static Leaf insert(Leaf tree, Leaf leaf) {
    if (tree == null) {
      return leaf;
    }
    boolean low = leaf.first.compareTo(tree.first) < 0;
    if (low) {
      tree.left = insert(tree.left, leaf);
    } else {
      tree.right = insert(tree.right, leaf);
    }
    Leaf child = low ? tree.left : tree.right;
    if (child.priority <= tree.priority) {
      tree.update();
      return tree;
    }
    if (low) {
      tree.left = child.right;
      child.right = tree;
    } else {
      tree.right = child.left;
      child.left = tree;
    }
    tree.update();
    child.update();
    return child;
  }
}
