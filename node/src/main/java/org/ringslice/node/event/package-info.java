/**
 * What may happen to a node and what it may ask for. The core takes one {@link
 * org.ringslice.node.event.Event} and gives {@link org.ringslice.node.event.Effect}s; both are
 * values, so that a run can be traced, replayed and simulated. Pure: no clock, thread, file, socket
 * or random source.
 */
package org.ringslice.node.event;
