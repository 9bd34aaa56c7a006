package org.ringslice.node.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Entry;

/**
 * Grows the manifests of a file while its blocks come by. Invariant: at each depth at most {@link
 * Manifest#PARTS_MAX} parts wait for their manifest, so that memory grows with the depth and not
 * with the file.
 */
final class ManifestTree {
  /** Stores a manifest that is complete. */
  @FunctionalInterface
  interface Store {
    void store(Entry manifest) throws IOException;
  }

  private final Store store;
  private final List<List<Manifest.Part>> levels = new ArrayList<>();

  ManifestTree(Store store) {
    this.store = store;
  }

  /** Takes the next block of the file in. */
  void add(Manifest.Part block) throws IOException {
    add(0, block);
  }

  private void add(int depth, Manifest.Part part) throws IOException {
    if (depth == levels.size()) {
      levels.add(new ArrayList<>());
    }
    if (levels.get(depth).size() == Manifest.PARTS_MAX) {
      close(depth);
    }
    levels.get(depth).add(part);
  }

  /** Stores the manifest of what waits at a depth; it is a part of the next. */
  private void close(int depth) throws IOException {
    Manifest manifest = new Manifest(depth, levels.get(depth));
    Entry entry = Entry.blob(manifest.toBytes());
    store.store(entry);
    levels.get(depth).clear();
    add(depth + 1, new Manifest.Part(entry.id(), manifest.size()));
  }

  /** The manifest of the whole file, which is not stored yet. At least one block was added. */
  Manifest top() throws IOException {
    for (int depth = 0; depth < levels.size() - 1; depth++) {
      close(depth);
    }
    return new Manifest(levels.size() - 1, levels.get(levels.size() - 1));
  }
}
