/**
 * The figures that the documents quote, each by a command that prints it again. Nodes run as
 * processes of their own on 127.0.0.1, in folders that are deleted afterwards; what is compared is
 * run in turn, in one run.
 */
package org.ringslice.tools.bench;
