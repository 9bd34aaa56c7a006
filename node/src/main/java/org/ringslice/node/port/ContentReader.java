package org.ringslice.node.port;

import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Content;
import org.ringslice.messages.Id;

/** Knows what blobs tell of themselves and of others. Any thread may call it. */
@FunctionalInterface
public interface ContentReader {
  /** Knows nothing. */
  ContentReader NONE = (id, blob) -> List.of();

  /** What a blob tells; nothing of most. The bytes may be anything. */
  List<Content> read(Id id, Bytes blob);
}
