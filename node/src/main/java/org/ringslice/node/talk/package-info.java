/**
 * General messages: to one node, to all, and what has come to this one. For people and programs;
 * nothing of the store relies on them. Part of the core: pure, and called by whoever drives it, one
 * turn after the other.
 */
package org.ringslice.node.talk;
