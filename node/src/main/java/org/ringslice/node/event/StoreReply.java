package org.ringslice.node.event;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a request to a store ended: with an answer, or with the reason why there is none.
 *
 * @param failure a sentence for people; present when there is no answer, and only then
 * @param changes the lines of the journal of the book that the request was to write to, since those
 *     of the reply before to such a request, in their order; with the sequence 0 when a change was
 *     not to be told. Also with a failure: writes may have come to light that were believed to have
 *     failed
 * @param <A> the type of the answer
 */
public record StoreReply<A extends StoreAnswer>(
    Optional<A> answer, Optional<String> failure, List<Change> changes) {
  public StoreReply {
    if (answer.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException("a reply with both an answer and a failure, or neither");
    }
    changes = List.copyOf(changes);
  }

  /** To a request that writes nothing. */
  public static <A extends StoreAnswer> StoreReply<A> of(A answer) {
    return of(answer, List.of());
  }

  public static <A extends StoreAnswer> StoreReply<A> of(A answer, List<Change> changes) {
    return new StoreReply<>(Optional.of(answer), Optional.empty(), changes);
  }

  public static <A extends StoreAnswer> StoreReply<A> failed(String why) {
    return failed(why, List.of());
  }

  public static <A extends StoreAnswer> StoreReply<A> failed(String why, List<Change> changes) {
    return new StoreReply<>(Optional.empty(), Optional.of(why), changes);
  }

  /** The same with another answer, when there is one. */
  public <B extends StoreAnswer> StoreReply<B> map(Function<A, B> how) {
    return new StoreReply<>(answer.map(how), failure, changes);
  }

  public boolean hasFailed() {
    return failure.isPresent();
  }

  /**
   * The answer.
   *
   * @throws java.util.NoSuchElementException when it has failed
   */
  public A get() {
    return answer.orElseThrow();
  }
}
