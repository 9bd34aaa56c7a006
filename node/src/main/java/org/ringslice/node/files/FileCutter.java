package org.ringslice.node.files;

import java.io.IOException;
import java.io.InputStream;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Limits;

/**
 * Cuts files into blobs: blocks, and the manifests that tell of them. A file of up to a block is a
 * blob itself, unless it begins like a manifest. All blobs but the top go to an {@link Uploader}.
 */
final class FileCutter {
  /**
   * A file.
   *
   * @param blob the one that leads to all of it, which is not uploaded yet
   */
  record Top(Entry blob, long sizeBytes) {}

  private final Uploader uploader;

  FileCutter(Uploader uploader) {
    this.uploader = uploader;
  }

  /** Reads a file to its end. */
  Top cut(InputStream in) throws IOException {
    Bytes first = readBlock(in);
    Bytes second = first.size() == Limits.BLOCK_BYTES_MAX ? readBlock(in) : Bytes.EMPTY;
    if (second.size() == 0 && !looksLikeAManifest(first)) {
      uploader.count(first.size(), 0);
      return new Top(Entry.blob(first), first.size());
    }
    Manifest top = cutBlocks(first, second, in);
    return new Top(Entry.blob(top.toBytes()), top.size());
  }

  private static boolean looksLikeAManifest(Bytes blob) {
    return Manifest.looksLikeOne(blob) || FolderManifest.looksLikeOne(blob);
  }

  private static Bytes readBlock(InputStream in) throws IOException {
    return Bytes.wrap(in.readNBytes(Limits.BLOCK_BYTES_MAX));
  }

  private Manifest cutBlocks(Bytes first, Bytes second, InputStream in) throws IOException {
    ManifestTree tree = new ManifestTree(uploader::add);
    Bytes bytes = first;
    Bytes following = second;
    while (bytes.size() > 0) {
      Entry block = Entry.blob(bytes);
      tree.add(new Manifest.Part(block.id(), bytes.size()));
      uploader.add(block);
      uploader.count(bytes.size(), 0);
      bytes = following;
      following = bytes.size() == Limits.BLOCK_BYTES_MAX ? readBlock(in) : Bytes.EMPTY;
    }
    return tree.top();
  }
}
