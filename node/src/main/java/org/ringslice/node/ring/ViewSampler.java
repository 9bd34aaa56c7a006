package org.ringslice.node.ring;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Peer;
import org.ringslice.node.event.Turn;

/**
 * Tells what the view knows, and asks nobody: all of the ring while the view has room for it, else
 * nothing, for then a node may be missing between any two.
 */
public final class ViewSampler implements Sampler {
  private final View view;

  public ViewSampler(View view) {
    this.view = view;
  }

  @Override
  public Optional<Ring> whole() {
    return view.isWhole() ? Optional.of(view.ring()) : Optional.empty();
  }

  @Override
  public void peersAfter(Id at, int count, Turn turn, BiConsumer<Optional<List<Peer>>, Turn> then) {
    if (!view.isWhole()) {
      then.accept(Optional.empty(), turn);
      return;
    }
    List<Peer> peers =
        view.ring().neighbours(Direction.NEXT, at, count).stream()
            .map(view::peer)
            .flatMap(Optional::stream)
            .toList();
    then.accept(Optional.of(peers), turn);
  }
}
