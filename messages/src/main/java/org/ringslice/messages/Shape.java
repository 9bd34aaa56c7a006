package org.ringslice.messages;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * How a value is told in a body: one description, by which it is written and read. What is read is
 * within the limits that its shape names, or a {@link ProtocolException}.
 *
 * @param <T> the value
 */
abstract class Shape<T> {
  abstract void write(T value, BodyWriter out) throws IOException;

  abstract T read(BodyReader in) throws ProtocolException, IOException;

  /** Reads a value. */
  @FunctionalInterface
  interface Reading<T> {
    T from(BodyReader in) throws ProtocolException, IOException;
  }

  /** Writes a value. */
  @FunctionalInterface
  interface Writing<T> {
    void to(T value, BodyWriter out) throws IOException;
  }

  /** Both ways by hand; a class of its own is faster, for what is sent often. */
  static <T> Shape<T> of(Writing<T> writing, Reading<T> reading) {
    return new Shape<>() {
      @Override
      void write(T value, BodyWriter out) throws IOException {
        writing.to(value, out);
      }

      @Override
      T read(BodyReader in) throws ProtocolException, IOException {
        return reading.from(in);
      }
    };
  }

  /** An id, shared with others that are equal. */
  static final Shape<Id> ID =
      new Shape<>() {
        @Override
        void write(Id id, BodyWriter out) throws IOException {
          out.id(id);
        }

        @Override
        Id read(BodyReader in) throws ProtocolException, IOException {
          return in.id();
        }
      };

  /** An id that is shared with nobody yet. */
  static final Shape<Id> OWN_ID = of((id, out) -> out.id(id), in -> in.ownId());

  static final Shape<Guid> GUID = of((guid, out) -> out.guid(guid), in -> in.guid());

  /**
   * @param bytesMax of its UTF-8; what is longer is cut when it is written
   */
  static Shape<String> text(int bytesMax) {
    return new Shape<>() {
      @Override
      void write(String text, BodyWriter out) throws IOException {
        out.text(text, bytesMax);
      }

      @Override
      String read(BodyReader in) throws ProtocolException, IOException {
        return in.text(bytesMax);
      }
    };
  }

  static Shape<Bytes> bytes(int most) {
    return of((bytes, out) -> out.bytes(bytes), in -> in.bytes(most));
  }

  /**
   * A value that has a code.
   *
   * @param ofCode null for a code that is unknown, which is malformed
   * @param what it is then, for people
   */
  static <T> Shape<T> code(ToIntFunction<T> code, IntFunction<T> ofCode, String what) {
    return new Shape<>() {
      @Override
      void write(T value, BodyWriter out) throws IOException {
        out.number(code.applyAsInt(value));
      }

      @Override
      T read(BodyReader in) throws ProtocolException, IOException {
        T value = ofCode.apply(in.number(Integer.MIN_VALUE, Integer.MAX_VALUE, what));
        if (value == null) {
          throw BodyReader.malformed(what + " that is unknown");
        }
        return value;
      }
    };
  }

  /**
   * With one more rule for what is read.
   *
   * @param sentence of what breaks it
   */
  static <T> Shape<T> checked(Shape<T> shape, Predicate<T> rule, String sentence) {
    return of(
        shape::write,
        in -> {
          T value = shape.read(in);
          if (!rule.test(value)) {
            throw BodyReader.malformed(sentence);
          }
          return value;
        });
  }

  /** Of those that are equal one is handed out. */
  static <T> Shape<T> shared(Shape<T> own, BiFunction<Sharing, T, T> sharing) {
    return of(own::write, in -> sharing.apply(in.sharing(), own.read(in)));
  }

  /** One of some values, told by its place among them. */
  static <E extends Enum<E>> Shape<E> oneOf(List<E> values, String what) {
    List<E> all = List.copyOf(values);
    return new Shape<>() {
      @Override
      void write(E value, BodyWriter out) throws IOException {
        out.number(value.ordinal());
      }

      @Override
      E read(BodyReader in) throws ProtocolException, IOException {
        return all.get(in.number(0, all.size() - 1, what));
      }
    };
  }

  /**
   * @param most of its elements
   * @param elementBytesMin bytes that each takes at least
   * @param what they are, for people
   */
  static <T> Shape<List<T>> list(Shape<T> element, int most, int elementBytesMin, String what) {
    return new Shape<>() {
      @Override
      void write(List<T> values, BodyWriter out) throws IOException {
        out.array(values.size());
        for (T value : values) {
          element.write(value, out);
        }
      }

      @Override
      List<T> read(BodyReader in) throws ProtocolException, IOException {
        int length = in.count(most, elementBytesMin, what);
        List<T> values = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
          values.add(element.read(in));
        }
        return values;
      }
    };
  }

  /** As {@link #list}, which is slower for what is in nearly every message. */
  static Shape<List<Id>> ids(int most) {
    return new Shape<>() {
      @Override
      void write(List<Id> ids, BodyWriter out) throws IOException {
        out.array(ids.size());
        for (Id id : ids) {
          out.id(id);
        }
      }

      @Override
      List<Id> read(BodyReader in) throws ProtocolException, IOException {
        int length = in.count(most, Id.BYTES, "ids");
        List<Id> ids = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
          ids.add(in.id());
        }
        return ids;
      }
    };
  }

  /** A list of at most one. */
  static <T> Shape<Optional<T>> maybe(Shape<T> value, int elementBytesMin, String what) {
    Shape<List<T>> list = list(value, 1, elementBytesMin, what);
    return of(
        (maybe, out) -> list.write(maybe.stream().toList(), out),
        in -> list.read(in).stream().findFirst());
  }
}
