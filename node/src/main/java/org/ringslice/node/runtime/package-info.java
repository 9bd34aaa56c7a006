/**
 * Runs a core in the real world: the event queue, the one thread that takes from it, and what
 * carries out the effects. {@link org.ringslice.node.runtime.Node} and {@link
 * org.ringslice.node.runtime.Client} are what programs use; the rest is how they are wired.
 */
package org.ringslice.node.runtime;
