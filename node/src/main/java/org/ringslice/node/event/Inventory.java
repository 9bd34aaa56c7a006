package org.ringslice.node.event;

import org.ringslice.sync.Index;

/**
 * What is in a book when it is opened.
 *
 * @param index of all its rows, dead ones too; handed over, not shared
 * @param openings of its journal, the present one too
 * @param sequence of the last line that the index includes
 * @param living how many of its entries are not dead
 * @param sizeBytes of all its living entries together
 */
public record Inventory(
    Index index, Openings openings, long sequence, long living, long sizeBytes) {}
