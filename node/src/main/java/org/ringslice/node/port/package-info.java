/**
 * The doors between a node and the world. Behind them live ZeroMQ, the database and the network's
 * discovery, or, in simulations, what stands for them. An implementation never calls the core: it
 * puts {@link org.ringslice.node.event.Event}s into the sink that it was given, from any thread.
 */
package org.ringslice.node.port;
