/**
 * Sets of entries on arcs of the ring: an {@link org.ringslice.sync.Index} of what a side has, and
 * a {@link org.ringslice.sync.Session} that makes two sides equal, messages in and messages out,
 * for hardly more bytes than their difference, and ends in a proof. Pure: everything is a value or
 * a computation on values; no clock, thread, file, socket or random source is used, and nothing of
 * a running node is known here.
 */
package org.ringslice.sync;
