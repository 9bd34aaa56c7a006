/**
 * What a node does for items: keeps and places them, finds them, walks from one to the next. Each
 * request that takes more than one step is an operation with a state of its own. Pure, on the
 * node's loop thread.
 */
package org.ringslice.node.items;
