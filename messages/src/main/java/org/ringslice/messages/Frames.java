package org.ringslice.messages;

import java.util.List;

/** The frames of one message, as they travel: header, body, and a frame for each payload. */
public record Frames(Bytes header, Bytes body, List<Bytes> payload) {
  public Frames {
    payload = List.copyOf(payload);
  }

  /** Bytes of all frames together. */
  public long sizeBytes() {
    long size = (long) header.size() + body.size();
    for (Bytes frame : payload) {
      size += frame.size();
    }
    return size;
  }
}
