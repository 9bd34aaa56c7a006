package org.ringslice.sync;

import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Id;

/**
 * The bytes of the messages of a session: a byte with the type (low half) and the number of the
 * message in its round modulo 16 (high half), two bytes of the round's salt (all eight where it
 * begins), and the fields: numbers little-endian or in groups of seven bits, sketches as runs of
 * bits. What is malformed throws {@link IllegalArgumentException}. Stateless.
 */
final class SyncCodec {
  /** A message and where in which round it was said. */
  record Framed(int tag, int number, SyncMessage message) {}

  private static final int COMPARE = 0;
  private static final int COMPARE_CAREFULLY = 1;
  private static final int AGAIN = 2;
  private static final int AGAIN_CAREFULLY = 3;
  private static final int EQUAL = 4;
  private static final int ESTIMATE = 5;
  private static final int TURN = 6;
  private static final int SKETCHES = 7;
  private static final int NOTHING = 8;
  private static final int WANTS = 9;
  private static final int COMPLETE_WANTS = 10;
  private static final int MORE = 11;
  private static final int PROVED = 12;
  private static final int HALVE = 13;
  private static final int HALVES = 14;

  /** In the place of a plan's width: one group, of the rows of the first sketch. */
  private static final int QUICK = 0x40;

  private static final int ERASURE = 0x80;

  private SyncCodec() {}

  static int tag(long salt) {
    return (int) salt & 0xffff;
  }

  static byte[] encode(int number, long salt, SyncMessage message) {
    Bits out = new Bits();
    int type = type(message);
    out.write(type | (number << 4), 8);
    out.write(salt, type <= AGAIN_CAREFULLY ? 64 : 16);
    if (message instanceof SyncMessage.Compare m) {
      writeNumber(out, m.summary().count());
      out.write(m.summary().fingerprint(), 64);
    } else if (message instanceof SyncMessage.Again m) {
      writePlan(out, m.plan());
      writeRest(out, m.sketch());
    } else if (message instanceof SyncMessage.Estimate m) {
      writeNumber(out, m.count());
      for (int sum : m.sums()) {
        writeNumber(out, (sum << 1) ^ (sum >> 31));
      }
    } else if (message instanceof SyncMessage.Turn m) {
      writePlan(out, m.plan());
      writeRest(out, m.groups());
    } else if (message instanceof SyncMessage.Sketches m) {
      writePlan(out, m.plan());
      if (!m.plan().isQuick()) {
        writeNumber(out, m.count());
      }
      writeRest(out, m.sketch());
    } else if (message instanceof SyncMessage.Wants m) {
      out.write(m.digest(), m.complete() ? 64 : 0);
      writeRest(out, m.groups());
    } else if (message instanceof SyncMessage.More m) {
      writeRest(out, m.sketch());
    } else if (message instanceof SyncMessage.Proved m) {
      out.write(m.digest(), 64);
    } else if (message instanceof SyncMessage.Halves m) {
      writePoints(out, m.points());
    }
    return out.toBytes();
  }

  private static int type(SyncMessage message) {
    if (message instanceof SyncMessage.Compare m) {
      return m.careful() ? COMPARE_CAREFULLY : COMPARE;
    } else if (message instanceof SyncMessage.Again m) {
      return m.careful() ? AGAIN_CAREFULLY : AGAIN;
    } else if (message instanceof SyncMessage.Equal) {
      return EQUAL;
    } else if (message instanceof SyncMessage.Estimate) {
      return ESTIMATE;
    } else if (message instanceof SyncMessage.Turn) {
      return TURN;
    } else if (message instanceof SyncMessage.Sketches) {
      return SKETCHES;
    } else if (message instanceof SyncMessage.Nothing) {
      return NOTHING;
    } else if (message instanceof SyncMessage.Wants m) {
      return m.complete() ? COMPLETE_WANTS : WANTS;
    } else if (message instanceof SyncMessage.Halve) {
      return HALVE;
    } else if (message instanceof SyncMessage.Halves) {
      return HALVES;
    } else {
      return message instanceof SyncMessage.More ? MORE : PROVED;
    }
  }

  static Framed decode(byte[] body) {
    Bits in = Bits.reading(body);
    int head = (int) in.read(8);
    int type = head & 15;
    long salt = in.read(type <= AGAIN_CAREFULLY ? 64 : 16);
    return new Framed(tag(salt), head >>> 4, read(type, salt, in));
  }

  private static SyncMessage read(int type, long salt, Bits in) {
    return switch (type) {
      case COMPARE, COMPARE_CAREFULLY -> {
        Summary summary = new Summary(readCount(in), in.read(64));
        yield new SyncMessage.Compare(salt, type == COMPARE_CAREFULLY, summary);
      }
      case AGAIN, AGAIN_CAREFULLY ->
          new SyncMessage.Again(salt, type == AGAIN_CAREFULLY, readPlan(in), in.rest());
      case EQUAL -> new SyncMessage.Equal();
      case ESTIMATE -> new SyncMessage.Estimate(readCount(in), readSums(in));
      case TURN -> new SyncMessage.Turn(readPlan(in), in.rest());
      case SKETCHES -> {
        Plan plan = readPlan(in);
        int count = plan.isQuick() ? 0 : readCount(in);
        yield new SyncMessage.Sketches(plan, count, in.rest());
      }
      case NOTHING -> new SyncMessage.Nothing();
      case WANTS -> new SyncMessage.Wants(false, 0, in.rest());
      case COMPLETE_WANTS -> new SyncMessage.Wants(true, in.read(64), in.rest());
      case MORE -> new SyncMessage.More(in.rest());
      case PROVED -> new SyncMessage.Proved(in.read(64));
      case HALVE -> new SyncMessage.Halve();
      case HALVES -> new SyncMessage.Halves(readPoints(in));
      default -> throw new IllegalArgumentException("no message has the number " + type);
    };
  }

  private static List<Integer> readSums(Bits in) {
    List<Integer> sums = new ArrayList<>(TugOfWar.SUMS);
    for (int i = 0; i < TugOfWar.SUMS; i++) {
      int folded = readNumber(in);
      sums.add((folded >>> 1) ^ -(folded & 1));
    }
    return sums;
  }

  private static void writePlan(Bits out, Plan plan) {
    if (plan.isQuick()) {
      out.write(plan.bits() | QUICK, 8);
      return;
    }
    out.write(plan.kind() == Plan.Kind.ERASURE ? ERASURE : plan.bits(), 8);
    writeNumber(out, plan.groups());
    writeNumber(out, plan.rows());
  }

  private static Plan readPlan(Bits in) {
    int width = (int) in.read(8);
    if ((width & QUICK) != 0) {
      return new Plan(Plan.Kind.PIN, 1, width ^ QUICK, Plan.QUICK_ROWS);
    }
    int groups = readNumber(in);
    int rows = readNumber(in);
    return width == ERASURE
        ? new Plan(Plan.Kind.ERASURE, groups, Long.SIZE, rows)
        : new Plan(Plan.Kind.PIN, groups, width, rows);
  }

  private static void writePoints(Bits out, List<Id> points) {
    writeNumber(out, points.size());
    for (Id point : points) {
      for (int word = 0; word < 4; word++) {
        out.write(point.word(word), 64);
      }
    }
  }

  private static List<Id> readPoints(Bits in) {
    int count = readCount(in);
    if (count < 1 || count > ArcCut.POINTS_MAX) {
      throw new IllegalArgumentException("a cut at " + count + " points");
    }
    List<Id> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(Id.ofWords(in.read(64), in.read(64), in.read(64), in.read(64)));
    }
    return points;
  }

  private static int readCount(Bits in) {
    int count = readNumber(in);
    if (count < 0) {
      throw new IllegalArgumentException("a count of entries is negative");
    }
    return count;
  }

  private static void writeNumber(Bits out, int value) {
    int rest = value;
    while (rest >>> 7 != 0) {
      out.write((rest & 0x7f) | 0x80, 8);
      rest >>>= 7;
    }
    out.write(rest, 8);
  }

  private static int readNumber(Bits in) {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      int piece = (int) in.read(8);
      value |= (piece & 0x7f) << shift;
      if (piece < 0x80) {
        break;
      }
    }
    return value;
  }

  private static void writeRest(Bits out, Bytes bytes) {
    for (byte each : bytes.unsafeArray()) {
      out.write(each, 8);
    }
  }
}
