package org.ringslice.node.zmq;

import org.ringslice.messages.Endpoint;
import org.ringslice.messages.Envelope;

/** What other threads tell a worker. */
sealed interface Order {

  /** From who watches the interfaces: this was bound. */
  record Open(RouterPort door) implements Order {}

  /** From who watches the interfaces: listen there no more. */
  record Shut(RouterPort door) implements Order {}

  /** From the loop: connect. */
  record Dial(Link link, Endpoint endpoint) implements Order {}

  /** From the look-up of a host name: connect to this address. */
  record DialAddress(Link link, String address, int port) implements Order {}

  /** From the look-up of a host name: it can't be dialled. */
  record NoAddress(Link link, String why) implements Order {}

  /** From the loop. */
  record Send(Link link, Envelope envelope) implements Order {}

  /** From the loop: {@link Link#hasRoom} said no. */
  record Overflow(Link link) implements Order {}

  /** From the loop: send what was sent, then forget the link. */
  record Close(Link link) implements Order {}

  /** From an I/O thread: a dialled connection speaks ZeroMQ. */
  record Through(Link link, Connection connection) implements Order {}

  /** From an I/O thread: nobody accepts a dialled connection. */
  record Refused(Link link) implements Order {}

  /** From an I/O thread: JeroMQ will dial once more. */
  record Retrying(Link link) implements Order {}

  /** From an I/O thread: a dialled connection ended. */
  record Dropped(Link link) implements Order {}

  /** From a neighbour: its end of a link is closed. */
  record HungUp(InprocPort.Call call, boolean byDialler) implements Order {}

  /** From a neighbour: it goes. */
  record Left(String neighbour) implements Order {}

  /** From the loop: send what was sent, then end. */
  record Stop() implements Order {}
}
