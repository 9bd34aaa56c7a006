package org.ringslice.node.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.ringslice.messages.Direction;
import org.ringslice.messages.Id;
import org.ringslice.messages.Lane;
import org.ringslice.messages.Limits;
import org.ringslice.messages.Message;
import org.ringslice.messages.Peer;
import org.ringslice.messages.Route;
import org.ringslice.messages.Route.Relation;
import org.ringslice.node.event.Turn;

/** Tells people what this node routes by: whom it knows and why, and how it is connected. */
public final class Table {
  private final Self self;
  private final View view;
  private final Links links;
  private final Guests guests;

  public Table(Self self, View view, Links links, Guests guests) {
    this.self = self;
    this.view = view;
    this.links = links;
    this.guests = guests;
  }

  public void onGetTable(Inquiry inquiry, Message.GetTable get, Turn turn) {
    int serving = guests.servingCount();
    inquiry.answer(new Message.TableIs(routes(), guests.count(), serving), turn);
  }

  private List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    TreeSet<Id> told = new TreeSet<>(List.of(self.id()));
    Ring ring = view.present();
    // of so few that each is on both sides, one half is told of as before, one as after
    int before = Math.min(Vicinity.NEIGHBOURS, ring.size() / 2);
    add(Relation.PREVIOUS, ring.neighbours(Direction.PREV, self.id(), before), told, routes);
    add(
        Relation.NEXT,
        ring.neighbours(Direction.NEXT, self.id(), Vicinity.NEIGHBOURS),
        told,
        routes);
    List<Id> masked = view.homes().homes(self.id()).stream().map(ring::owner).toList();
    add(Relation.MASKED, masked, told, routes);
    if (!view.isWhole()) {
      add(view.geometry().relation(), view.contacts().fingers().nodes(), told, routes);
    }
    add(Relation.KNOWN, ring.nodes(), told, routes);
    return routes;
  }

  private void add(Relation relation, List<Id> peers, SortedSet<Id> told, List<Route> routes) {
    for (Id id : peers) {
      if (routes.size() < Limits.PEERS_MAX && told.add(id)) {
        Peer peer = view.peer(id).orElseThrow();
        routes.add(
            new Route(
                relation,
                peer,
                links.channel(id, Lane.CONTROL),
                links.channel(id, Lane.BULK),
                links.pendingCount(id)));
      }
    }
  }
}
