package org.ringslice.node.mdns;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ringslice.messages.Endpoint;
import org.ringslice.messages.How;
import org.ringslice.node.event.Event;
import org.ringslice.node.port.EventSink;

/**
 * Tells the node of each endpoint once, however often and on however many interfaces it is
 * announced, and again when its announcement was withdrawn or ran out in between. May be called
 * from any thread.
 */
final class Sightings {
  /**
   * Announcements remembered; past that the oldest is forgotten, and told again if it is repeated.
   * Twice the default capacity of a view; a stranger's flood of names can't fill the heap.
   */
  static final int REMEMBERED_MAX = 1024;

  private Set<Endpoint> own;
  private final EventSink sink;
  private final Map<String, Endpoint> told = new LinkedHashMap<>();
  private boolean closed;

  Sightings(List<Endpoint> own, EventSink sink) {
    this.own = new HashSet<>(own);
    this.sink = sink;
  }

  /** This node listens there now. */
  synchronized void listens(List<Endpoint> endpoints) {
    own = new HashSet<>(endpoints);
  }

  /** May wait: the sink holds back a flood. */
  void announced(String service, Endpoint endpoint) {
    if (isNew(service, endpoint)) {
      sink.put(new Event.Sighted(endpoint, How.MDNS));
    }
  }

  private synchronized boolean isNew(String service, Endpoint endpoint) {
    // not by the id: a copied folder gives two nodes one, and they have to meet to find out
    if (closed || own.contains(endpoint) || endpoint.equals(told.get(service))) {
      return false;
    }
    boolean known = told.containsValue(endpoint);
    told.remove(service);
    if (told.size() == REMEMBERED_MAX) {
      told.remove(told.keySet().iterator().next());
    }
    told.put(service, endpoint);
    return !known;
  }

  synchronized void withdrawn(String service) {
    told.remove(service);
  }

  /** From now on nobody is told of anything. */
  synchronized void close() {
    closed = true;
  }
}
