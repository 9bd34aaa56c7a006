package org.ringslice.sync;

import org.ringslice.messages.Arc;

/**
 * What one side of a session knows from its host, the same in all rounds.
 *
 * @param pieceEntries that the two sides may differ by in number before the arc is split
 */
record Side(Index index, Arc arc, Giving giving, int pieceEntries) {}
