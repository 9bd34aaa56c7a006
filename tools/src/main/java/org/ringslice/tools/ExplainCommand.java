package org.ringslice.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.ringslice.messages.Id;
import org.ringslice.messages.Keeper;
import org.ringslice.messages.Message;
import org.ringslice.node.runtime.Access;
import org.ringslice.sync.Homes;
import picocli.CommandLine.Parameters;

/** {@code explain}: where an item should be, and where it is. */
@picocli.CommandLine.Command(
    name = "explain",
    description = "Tell where an item should be, who really has it, and why a copy is missing.",
    footer = {
      "",
      "An item has 2^N homes round the ring; home K is that of mask K. Each node that owns one",
      "is a holder; while those are too few, the nodes after the item hold it too.",
      "",
      "Example:",
      "  ${ROOT-COMMAND-NAME} explain 3f2a81c0"
    })
final class ExplainCommand extends ClientCommand {
  @Parameters(
      arity = "1",
      paramLabel = "ID",
      description = "Its id, or the first 8 or more digits when no other item begins so.")
  Prefix name;

  /**
   * A node at a place of the item.
   *
   * @param mask of the home that the node owns, or -1
   */
  private record Place(int mask, Id home, Keeper keeper) {
    String role() {
      return mask >= 0 ? "home" : keeper.holder() ? "holder" : "other";
    }
  }

  @Override
  void checkUsage() {
    ItemName.check(name, this);
  }

  @Override
  int run(Access access) throws IOException {
    Id item = ItemName.resolve(name, access);
    Message.Explained explained =
        Waiting.during(() -> await(access.explain(item)), console, "asking all nodes");
    List<Keeper> keepers = explained.keepers();
    if (keepers.stream().noneMatch(Keeper::has)) {
      String nobody =
          "no node that answers has " + item.toHex() + "; it would be kept by " + names(keepers);
      throw new CommandException(NearMiss.ofItem(name, access).orElse(nobody));
    }
    Homes homes = new Homes(await(access.identity()).maskBits());
    List<Place> places = places(item, explained, homes);
    if (json) {
      for (Place place : places) {
        console.results().line(object(place));
      }
    } else {
      print(item, keepers, places);
    }
    return Main.DONE;
  }

  private static String names(List<Keeper> keepers) {
    return keepers.stream().map(keeper -> keeper.id().toString()).collect(Collectors.joining(", "));
  }

  /** The homes by their masks, then the other holders, then others that have it. */
  private static List<Place> places(Id item, Message.Explained explained, Homes homes) {
    List<Id> owners = explained.owners();
    List<Place> places = new ArrayList<>();
    for (int mask = 0; mask < Math.min(owners.size(), homes.count()); mask++) {
      Id owner = owners.get(mask);
      Id home = homes.home(item, mask);
      int place = mask;
      explained.keepers().stream()
          .filter(keeper -> keeper.id().equals(owner))
          .forEach(keeper -> places.add(new Place(place, home, keeper)));
    }
    explained.keepers().stream()
        .filter(keeper -> !owners.contains(keeper.id()))
        .forEach(keeper -> places.add(new Place(-1, null, keeper)));
    return places;
  }

  private static Json object(Place place) {
    Keeper keeper = place.keeper();
    Json object = new Json().put("role", place.role());
    object.put("home", place.home() == null ? null : place.home().toHex());
    if (place.mask() >= 0) {
      object.put("mask", place.mask());
    }
    return object.put("holder", keeper.id()).put("has", keeper.has()).put("why", keeper.why());
  }

  private void print(Id item, List<Keeper> keepers, List<Place> places) throws IOException {
    long wanted = keepers.stream().filter(Keeper::holder).count();
    long copies = keepers.stream().filter(keeper -> keeper.holder() && keeper.has()).count();
    console.results().line(item.toHex() + "  " + copies + " of " + wanted + " copies");
    Columns columns = new Columns("lrlll");
    for (Place place : places) {
      Keeper keeper = place.keeper();
      columns.row(
          place.role(),
          place.mask() < 0 ? "" : Integer.toString(place.mask()),
          place.home() == null ? "" : place.home().toString(),
          "node " + keeper.id(),
          keeper.has() ? "has it" : "lacks it: " + keeper.why());
    }
    columns.print(console.results());
  }
}
