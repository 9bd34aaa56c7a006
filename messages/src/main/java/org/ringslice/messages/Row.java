package org.ringslice.messages;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * The shape of a record: an array of its fields, in the order of its constructor. Each field is
 * told once, by how it is got from the record and what is its shape.
 *
 * @param <T> the record
 */
final class Row<T> extends Shape<T> {
  private final List<? extends Field<T, ?>> fields;
  private final Reading<T> reading;

  private Row(Reading<T> reading, List<? extends Field<T, ?>> fields) {
    this.reading = reading;
    this.fields = fields;
  }

  @Override
  void write(T value, BodyWriter out) throws IOException {
    out.array(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      fields.get(i).write(value, out);
    }
  }

  @Override
  T read(BodyReader in) throws ProtocolException, IOException {
    in.fields(fields.size());
    return reading.from(in);
  }

  /**
   * A field of a record.
   *
   * @param <T> the record
   * @param <A> its value; boxed as it is read, and not as it is written
   */
  abstract static class Field<T, A> {
    abstract void write(T owner, BodyWriter out) throws IOException;

    abstract A read(BodyReader in) throws ProtocolException, IOException;
  }

  static <T, A> Field<T, A> field(Function<T, A> get, Shape<A> shape) {
    return new Field<>() {
      @Override
      void write(T owner, BodyWriter out) throws IOException {
        shape.write(get.apply(owner), out);
      }

      @Override
      A read(BodyReader in) throws ProtocolException, IOException {
        return shape.read(in);
      }
    };
  }

  /** A number in [least, most]. */
  static <T> Field<T, Integer> number(ToIntFunction<T> get, int least, int most, String what) {
    return new Field<>() {
      @Override
      void write(T owner, BodyWriter out) throws IOException {
        out.number(get.applyAsInt(owner));
      }

      @Override
      Integer read(BodyReader in) throws ProtocolException, IOException {
        return in.number(least, most, what);
      }
    };
  }

  /** A number in [0, 2^31). */
  static <T> Field<T, Integer> count(ToIntFunction<T> get, String what) {
    return number(get, 0, Integer.MAX_VALUE, what);
  }

  /** A number in [0, {@link Limits#INCARNATION_MAX}]. */
  static <T> Field<T, Long> incarnation(ToLongFunction<T> get) {
    return new Field<>() {
      @Override
      void write(T owner, BodyWriter out) throws IOException {
        out.unsigned(get.applyAsLong(owner));
      }

      @Override
      Long read(BodyReader in) throws ProtocolException, IOException {
        return in.incarnation();
      }
    };
  }

  /** A number in [0, 2^64). */
  static <T> Field<T, Long> unsigned(ToLongFunction<T> get) {
    return new Field<>() {
      @Override
      void write(T owner, BodyWriter out) throws IOException {
        out.unsigned(get.applyAsLong(owner));
      }

      @Override
      Long read(BodyReader in) throws ProtocolException, IOException {
        return in.unsigned();
      }
    };
  }

  static <T> Field<T, Boolean> flag(Predicate<T> get) {
    return new Field<>() {
      @Override
      void write(T owner, BodyWriter out) throws IOException {
        out.flag(get.test(owner));
      }

      @Override
      Boolean read(BodyReader in) throws ProtocolException, IOException {
        return in.flag();
      }
    };
  }

  interface Make1<A, T> {
    T of(A a);
  }

  interface Make2<A, B, T> {
    T of(A a, B b);
  }

  interface Make3<A, B, C, T> {
    T of(A a, B b, C c);
  }

  interface Make4<A, B, C, D, T> {
    T of(A a, B b, C c, D d);
  }

  interface Make5<A, B, C, D, E, T> {
    T of(A a, B b, C c, D d, E e);
  }

  interface Make6<A, B, C, D, E, F, T> {
    T of(A a, B b, C c, D d, E e, F f);
  }

  interface Make8<A, B, C, D, E, F, G, H, T> {
    T of(A a, B b, C c, D d, E e, F f, G g, H h);
  }

  interface Make10<A, B, C, D, E, F, G, H, I, J, T> {
    T of(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j);
  }

  /** Without any field. */
  static <T> Row<T> of(T only) {
    return new Row<>(in -> only, List.of());
  }

  static <T, A> Row<T> of(Make1<A, T> make, Field<T, A> a) {
    return new Row<>(in -> make.of(a.read(in)), List.of(a));
  }

  static <T, A, B> Row<T> of(Make2<A, B, T> make, Field<T, A> a, Field<T, B> b) {
    return new Row<>(in -> make.of(a.read(in), b.read(in)), List.of(a, b));
  }

  static <T, A, B, C> Row<T> of(
      Make3<A, B, C, T> make, Field<T, A> a, Field<T, B> b, Field<T, C> c) {
    return new Row<>(in -> make.of(a.read(in), b.read(in), c.read(in)), List.of(a, b, c));
  }

  static <T, A, B, C, D> Row<T> of(
      Make4<A, B, C, D, T> make, Field<T, A> a, Field<T, B> b, Field<T, C> c, Field<T, D> d) {
    return new Row<>(
        in -> make.of(a.read(in), b.read(in), c.read(in), d.read(in)), List.of(a, b, c, d));
  }

  static <T, A, B, C, D, E> Row<T> of(
      Make5<A, B, C, D, E, T> make,
      Field<T, A> a,
      Field<T, B> b,
      Field<T, C> c,
      Field<T, D> d,
      Field<T, E> e) {
    return new Row<>(
        in -> make.of(a.read(in), b.read(in), c.read(in), d.read(in), e.read(in)),
        List.of(a, b, c, d, e));
  }

  static <T, A, B, C, D, E, F> Row<T> of(
      Make6<A, B, C, D, E, F, T> make,
      Field<T, A> a,
      Field<T, B> b,
      Field<T, C> c,
      Field<T, D> d,
      Field<T, E> e,
      Field<T, F> f) {
    return new Row<>(
        in -> make.of(a.read(in), b.read(in), c.read(in), d.read(in), e.read(in), f.read(in)),
        List.of(a, b, c, d, e, f));
  }

  static <T, A, B, C, D, E, F, G, H> Row<T> of(
      Make8<A, B, C, D, E, F, G, H, T> make,
      Field<T, A> a,
      Field<T, B> b,
      Field<T, C> c,
      Field<T, D> d,
      Field<T, E> e,
      Field<T, F> f,
      Field<T, G> g,
      Field<T, H> h) {
    return new Row<>(
        in ->
            make.of(
                a.read(in),
                b.read(in),
                c.read(in),
                d.read(in),
                e.read(in),
                f.read(in),
                g.read(in),
                h.read(in)),
        List.of(a, b, c, d, e, f, g, h));
  }

  static <T, A, B, C, D, E, F, G, H, I, J> Row<T> of(
      Make10<A, B, C, D, E, F, G, H, I, J, T> make,
      Field<T, A> a,
      Field<T, B> b,
      Field<T, C> c,
      Field<T, D> d,
      Field<T, E> e,
      Field<T, F> f,
      Field<T, G> g,
      Field<T, H> h,
      Field<T, I> i,
      Field<T, J> j) {
    return new Row<>(
        in ->
            make.of(
                a.read(in),
                b.read(in),
                c.read(in),
                d.read(in),
                e.read(in),
                f.read(in),
                g.read(in),
                h.read(in),
                i.read(in),
                j.read(in)),
        List.of(a, b, c, d, e, f, g, h, i, j));
  }
}
