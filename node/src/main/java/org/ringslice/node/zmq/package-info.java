/**
 * Links over ZeroMQ, and the only package that names {@code org.zeromq} and {@code zmq}.
 *
 * <p>Threads, and what each owns:
 *
 * <ul>
 *   <li>The node's loop thread calls {@link org.ringslice.node.zmq.ZmqTransport}. It never blocks
 *       here: it appends {@link org.ringslice.node.zmq.Order}s to a lane and wakes the lane's
 *       worker once a burst.
 *   <li>A {@link org.ringslice.node.zmq.SocketWorker} for each lane owns that lane's sockets: it
 *       encodes, sends, receives, decodes, verifies, and puts events into the sink, where it may
 *       wait.
 *   <li>ZeroMQ's I/O threads, one for each lane, move bytes. They call a port's event hook and its
 *       {@link org.ringslice.node.zmq.FrameGuard}, which only count, close what breaks the limits,
 *       and post orders.
 *   <li>One thread of {@link org.ringslice.node.zmq.ZmqContext} looks up host names.
 * </ul>
 */
package org.ringslice.node.zmq;
