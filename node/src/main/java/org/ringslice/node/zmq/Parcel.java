package org.ringslice.node.zmq;

import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Frames;
import zmq.Msg;

/**
 * An encoded message on its way out; its frames share the bytes of what they were made from. Each
 * is handed to ZeroMQ once, or tried again when it was not taken.
 */
record Parcel(List<Msg> frames, long sizeBytes) {
  static Parcel of(Frames encoded) {
    List<Msg> frames = new ArrayList<>(2 + encoded.payload().size());
    frames.add(new Msg(encoded.header().unsafeArray()));
    frames.add(new Msg(encoded.body().unsafeArray()));
    for (Bytes payload : encoded.payload()) {
      frames.add(new Msg(payload.unsafeArray()));
    }
    return new Parcel(frames, encoded.sizeBytes());
  }
}
