package org.ringslice.node.files;

import java.util.List;
import org.ringslice.messages.Id;

/**
 * What became of a stored file.
 *
 * @param id gives the file back; of a file of up to one block, the SHA-256 of its bytes
 * @param sizeBytes of the file
 * @param sentBytes of the file, that were not there already
 * @param copies on how many nodes each part of it is durable, at least
 * @param wanted on how many each should be
 * @param holders of the item with the id, the regular place first
 */
public record StoredFile(
    Id id, long sizeBytes, long sentBytes, int copies, int wanted, List<Id> holders) {
  public StoredFile {
    holders = List.copyOf(holders);
  }
}
