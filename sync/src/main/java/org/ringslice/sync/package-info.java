/**
 * Sets of ids on arcs of the ring. Pure: everything is a value or a computation on values; no
 * clock, thread, file, socket or random source is used, and nothing of a running node is known
 * here.
 */
package org.ringslice.sync;
