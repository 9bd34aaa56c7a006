package org.ringslice.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Id;

/**
 * The leaves of an index in the order of their first ids, as a treap (Seidel, Aragon, Randomized
 * search trees, 1996) in which each leaf has the summary of all below it. The first leaf begins at
 * zero, so that each id falls into one. Confined to the thread of its index.
 */
final class LeafTree {
  private Leaf root;
  private int size;

  /** Of leaves in ascending order, the first of which begins at zero; takes linear time. */
  LeafTree(List<Leaf> ascending) {
    Deque<Leaf> rightmost = new ArrayDeque<>();
    for (Leaf leaf : ascending) {
      Leaf below = null;
      while (!rightmost.isEmpty() && rightmost.peek().priority < leaf.priority) {
        below = rightmost.pop();
        below.update();
      }
      leaf.left = below;
      leaf.right = null;
      size++;
      if (!rightmost.isEmpty()) {
        rightmost.peek().right = leaf;
      }
      rightmost.push(leaf);
    }
    while (!rightmost.isEmpty()) {
      root = rightmost.pop();
      root.update();
    }
  }

  /** How many leaves there are. */
  int size() {
    return size;
  }

  /** Of all leaves. */
  Summary summary() {
    return root.subtree();
  }

  /** The leaf that an id falls into. */
  Leaf find(Id id) {
    Leaf found = null;
    for (Leaf at = root; at != null; ) {
      boolean here = at.first.compareTo(id) <= 0;
      found = here ? at : found;
      at = here ? at.right : at.left;
    }
    return found;
  }

  /** Where the leaf after this one begins; zero after the last. */
  Id endOf(Leaf leaf) {
    Id next = Id.ZERO;
    for (Leaf at = root; at != null; ) {
      boolean above = at.first.compareTo(leaf.first) > 0;
      next = above ? at.first : next;
      at = above ? at.left : at.right;
    }
    return next;
  }

  /** The arc of the ids that fall into a leaf. */
  Arc arcOf(Leaf leaf) {
    return new Arc(leaf.first.previous(), endOf(leaf).previous());
  }

  /** The summary of the leaves that begin at a point or after it, and before another, clockwise. */
  Summary between(Id begin, Id end) {
    Summary sum = below(end).minus(below(begin));
    return end.compareTo(begin) <= 0 ? sum.plus(summary()) : sum;
  }

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

  /** The leaves that begin in an arc, clockwise. */
  List<Leaf> beginningIn(Arc arc) {
    List<Leaf> leaves = new ArrayList<>();
    Id first = arc.from().next();
    if (first.compareTo(arc.to()) <= 0) {
      collect(root, first, arc.to(), leaves);
    } else {
      collect(root, first, Id.MAX, leaves);
      collect(root, Id.ZERO, arc.to(), leaves);
    }
    return leaves;
  }

  private static void collect(Leaf tree, Id from, Id to, List<Leaf> leaves) {
    if (tree == null) {
      return;
    }
    boolean late = tree.first.compareTo(from) >= 0;
    boolean early = tree.first.compareTo(to) <= 0;
    if (late) {
      collect(tree.left, from, to, leaves);
    }
    if (late && early) {
      leaves.add(tree);
    }
    if (early) {
      collect(tree.right, from, to, leaves);
    }
  }

  /** Counts in what was put into a leaf, or taken out of it. */
  void shift(Leaf target, int entries, long fingerprint) {
    for (Leaf at = root; ; ) {
      at.shift(entries, fingerprint);
      if (at == target) {
        return;
      }
      at = at.first.compareTo(target.first) < 0 ? at.right : at.left;
    }
  }

  void insert(Leaf leaf) {
    size++;
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
