package org.ringslice.messages;

import java.io.IOException;
import java.util.List;

/**
 * What became of one entry.
 *
 * @param copies at how many holders it is durable
 * @param wanted at how many it should be
 * @param holders where it is durable, the regular place first
 * @param why the reason of a refusal, for people; else empty
 */
public record Receipt(
    Id id, Outcome outcome, int copies, int wanted, List<Id> holders, String why) {
  private static final Shape<List<Id>> HOLDERS = Shape.ids(1 << Limits.MASK_BITS_MAX);

  private static final Shape<Receipt> SHAPE =
      new Shape<>() {
        @Override
        void write(Receipt receipt, BodyWriter out) throws IOException {
          out.array(6);
          out.id(receipt.id);
          out.number(receipt.outcome.ordinal());
          out.number(receipt.copies);
          out.number(receipt.wanted);
          HOLDERS.write(receipt.holders, out);
          out.text(receipt.why, Limits.SENTENCE_BYTES_MAX);
        }

        @Override
        Receipt read(BodyReader in) throws ProtocolException, IOException {
          in.fields(6);
          return new Receipt(
              in.id(),
              Outcome.SHAPE.read(in),
              in.number(0, Limits.PEERS_MAX, "copies"),
              in.number(0, Limits.PEERS_MAX, "copies"),
              HOLDERS.read(in),
              in.text(Limits.SENTENCE_BYTES_MAX));
        }
      };

  static final Shape<List<Receipt>> LIST =
      Shape.list(SHAPE, Limits.BATCH_ENTRIES_MAX, Id.BYTES, "receipts");

  /** The numbers are on the wire; they are only ever appended to. */
  public enum Outcome {
    /** Durable now, and was not everywhere before. */
    STORED,
    /** Was there before. */
    PRESENT,
    /** Not there, or at too few places. */
    ABSENT,
    /** Not taken; {@link Receipt#why} tells. */
    REFUSED;

    private static final Outcome[] OUTCOMES = values();

    static final Shape<Outcome> SHAPE = Shape.code(Outcome::ordinal, Outcome::ofCode, "an outcome");

    static Outcome ofCode(int code) {
      return code >= 0 && code < OUTCOMES.length ? OUTCOMES[code] : null;
    }
  }

  public Receipt {
    holders = List.copyOf(holders);
    if (copies < 0 || wanted < 0 || holders.size() > 1 << Limits.MASK_BITS_MAX) {
      throw new IllegalArgumentException("a receipt of " + copies + " of " + wanted + " copies");
    }
  }
}
