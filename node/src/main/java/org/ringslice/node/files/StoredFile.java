package org.ringslice.node.files;

import java.util.List;
import org.ringslice.messages.Id;
import org.ringslice.messages.Receipt;

/**
 * What became of a stored file or folder.
 *
 * @param id gives it back; of a file of up to one block, the SHA-256 of its bytes
 * @param sizeBytes of the file, or of all files in the folder
 * @param files in the folder, at any depth; 1 for a file
 * @param faults how many files and folders of the folder could not be read and are not in it, or
 *     changed while they were read; {@link Progress#note} was told of each
 * @param sentBytes that were not there already
 * @param copies on how many nodes each part of it is durable, at least
 * @param wanted on how many each should be
 * @param holders of the item with the id, the regular place first
 */
public record StoredFile(
    Id id,
    long sizeBytes,
    long files,
    long faults,
    long sentBytes,
    int copies,
    int wanted,
    List<Id> holders) {
  public StoredFile {
    holders = List.copyOf(holders);
  }

  /** Of an item that was stored as it is. */
  public static StoredFile of(Receipt receipt, long sizeBytes) {
    return new StoredFile(
        receipt.id(),
        sizeBytes,
        1,
        0,
        sizeBytes,
        receipt.copies(),
        receipt.wanted(),
        receipt.holders());
  }
}
