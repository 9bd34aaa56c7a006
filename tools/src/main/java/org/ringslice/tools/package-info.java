/**
 * The command line: what people and scripts touch. {@link org.ringslice.tools.Main} finds the
 * command and turns whatever goes wrong into one sentence and an exit code; each command is a class
 * of its own.
 *
 * <p>Commands run on the main thread and wait for answers there. A client command has to answer
 * before a person notices, so that on its way nothing is loaded that it does not need: no database,
 * no logging library, no other command.
 */
package org.ringslice.tools;
