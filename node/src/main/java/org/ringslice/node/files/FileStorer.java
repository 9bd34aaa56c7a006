package org.ringslice.node.files;

import java.io.IOException;
import java.io.InputStream;
import org.ringslice.messages.Receipt;
import org.ringslice.node.port.Line;

/** Stores one file: all its blobs, and last, when they are durable, the one that leads to them. */
final class FileStorer {
  private final Uploader uploader;
  private final Progress progress;

  /**
   * @param totalBytes for the progress; -1 when nobody knows
   */
  FileStorer(Line line, long totalBytes, Progress progress, CopyDemand demand) {
    this.uploader = new Uploader(line, progress, demand);
    this.progress = progress;
    uploader.expect(totalBytes);
  }

  StoredFile store(InputStream in) throws IOException {
    FileCutter.Top top = new FileCutter(uploader).cut(in);
    uploader.drain();
    Receipt receipt = uploader.store(top.blob());
    progress.reached(top.sizeBytes(), top.sizeBytes());
    return uploader.finish(receipt, top.sizeBytes(), 1, 0);
  }
}
