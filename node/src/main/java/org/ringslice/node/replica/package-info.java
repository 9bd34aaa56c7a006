/**
 * Copies that are really there: what is held here is held against what the other holders have, and
 * what they lack is pushed to them. Pure: no clock, thread, file, socket or random source.
 */
package org.ringslice.node.replica;
