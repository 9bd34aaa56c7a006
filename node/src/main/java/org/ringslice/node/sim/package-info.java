/**
 * Thousands of nodes in virtual time, in one thread: real cores, with a network, disks and clocks
 * that fail as a {@link org.ringslice.node.sim.Scenario} says, then checkers that know nothing of
 * how the nodes work. Used by tests and by the command that simulates.
 *
 * <p>A scenario is a text of one line for each thing that happens, for example
 *
 * <pre>
 * nodes 100
 * store 1000
 * crash 10%
 * wait 10s
 * check readable
 * </pre>
 *
 * {@link org.ringslice.node.sim.Scenario} has the grammar, and the resources beside this package
 * the scenarios that come with it. Everything is drawn from one seed; no iteration depends on hash
 * order, and no clock is read but to tell how long a phase took.
 */
package org.ringslice.node.sim;
