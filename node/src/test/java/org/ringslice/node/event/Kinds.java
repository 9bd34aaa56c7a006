package org.ringslice.node.event;

import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ringslice.messages.Arc;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Entry;
import org.ringslice.messages.Id;

/** All kinds of a sealed family, and something of each, for tests that may forget none. */
public final class Kinds {
  private static final Entry ENTRY = Entry.blob(Bytes.wrap(new byte[] {1, 2, 3}));
  private static final Arc RING = Arc.wholeRing(Id.MAX);

  private Kinds() {}

  /**
   * Fails unless there is something of each kind.
   *
   * @param family a sealed interface
   */
  public static void assertAll(Class<?> family, Collection<?> some) {
    Set<String> missing = new TreeSet<>();
    of(family).forEach(kind -> missing.add(kind.getSimpleName()));
    some.forEach(each -> missing.remove(each.getClass().getSimpleName()));
    if (!missing.isEmpty()) {
      throw new AssertionError("nothing of " + missing);
    }
  }

  private static List<Class<?>> of(Class<?> family) {
    List<Class<?>> all = new ArrayList<>();
    for (Class<?> kind : family.getPermittedSubclasses()) {
      all.addAll(kind.isSealed() ? of(kind) : List.of(kind));
    }
    return all;
  }

  /** A request of each kind. */
  public static List<StoreRequest<?>> requests() {
    List<Id> ids = List.of(ENTRY.id());
    List<StoreRequest<?>> all =
        List.of(
            new StoreRequest.Keep(List.of(ENTRY)),
            new StoreRequest.Load(ENTRY.id()),
            new StoreRequest.LoadAll(ids),
            new StoreRequest.Look(ids),
            StoreRequest.Scan.all(Book.HELD, RING),
            StoreRequest.Scan.living(RING, Direction.PREV, 5),
            new StoreRequest.Describe(RING),
            new StoreRequest.Note(List.of(ENTRY.info()), true),
            new StoreRequest.Cover(List.of(RING)),
            new StoreRequest.ReadJournal(Book.HELD, 0, 10),
            new StoreRequest.Drop(List.of(ENTRY.info())),
            new StoreRequest.ReadDropped(RING, 10),
            new StoreRequest.ForgetDamaged(ids),
            new StoreRequest.SaveIndex(Book.WATCHED, Bytes.EMPTY, 1));
    assertAll(StoreRequest.class, all);
    return all;
  }

  /** The type of the answer to a request. */
  public static Class<?> answerTo(StoreRequest<?> request) {
    return Arrays.stream(request.getClass().getGenericInterfaces())
        .map(family -> ((ParameterizedType) family).getActualTypeArguments()[0])
        .map(type -> (Class<?>) type)
        .collect(Collectors.toList())
        .get(0);
  }
}
