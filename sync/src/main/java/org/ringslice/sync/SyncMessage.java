package org.ringslice.sync;

import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;

/** What the two sides of a session say to each other; {@link SyncCodec} has the bytes. */
sealed interface SyncMessage {
  /**
   * Begins a round: here is a fresh salt, and what I have. Careful: do not believe fingerprints; in
   * their place is the sum of salted digests of full ids.
   */
  record Compare(long salt, boolean careful, Summary summary) implements SyncMessage {}

  /** The proof failed: another round with a fresh salt, and its first sketch at once. */
  record Again(long salt, boolean careful, Plan plan, Bytes sketch) implements SyncMessage {}

  /** I have the same. */
  record Equal() implements SyncMessage {}

  /** I have so many entries, and these sums of them: see {@link TugOfWar}. */
  record Estimate(int count, List<Integer> sums) implements SyncMessage {}

  /**
   * Sketch what you have, like this; where you have sent sketches, only of the groups that these
   * did not decode.
   *
   * @param groups as in {@link Wants}, or empty when no sketch was sent
   */
  record Turn(Plan plan, Bytes groups) implements SyncMessage {}

  /**
   * A sketch of my entries, so many (0 when the sketch is the first), in the order of the groups.
   */
  record Sketches(Plan plan, int count, Bytes sketch) implements SyncMessage {}

  /** I have nothing: give all, and prove it on top of a digest of nothing. */
  record Nothing() implements SyncMessage {}

  /**
   * What only I have was given or is withheld; give what only you have.
   *
   * @param groups for each open group whether it decoded and the ranks of what is wanted of it
   * @param complete whether all did; then the digest is of all that I have, without what I want and
   *     what I withhold
   */
  record Wants(boolean complete, long digest, Bytes groups) implements SyncMessage {}

  /** More rows for the groups that did not decode. */
  record More(Bytes sketch) implements SyncMessage {}

  /** With what I gave you have what I have, of this digest but for what is withheld. */
  record Proved(long digest) implements SyncMessage {}

  /** This is too much for one session, and you are the larger side: say where to cut the arc. */
  record Halve() implements SyncMessage {}

  /** This is too much for one session: cut the arc after these points, in clockwise order. */
  record Halves(List<Id> points) implements SyncMessage {}
}
