package org.ringslice.node.event;

import java.util.Optional;
import org.ringslice.messages.EntryInfo;

/**
 * One line of a book's journal: what was there of an id, and what is there since.
 *
 * @param sequence greater than that of any line before, also of lines that a crash took away
 * @param before empty when there was nothing
 * @param after empty when a copy was dropped, which says nothing of the entry itself; with {@code
 *     before} when arcs were covered, which takes a number and no line
 */
public record Change(long sequence, Optional<EntryInfo> before, Optional<EntryInfo> after) {}
