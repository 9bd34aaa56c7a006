/**
 * Files in the shared store: cut into blocks, told by manifests, sent and fetched many blocks at a
 * time in bounded memory. Works over a {@link org.ringslice.node.port.Line}, on the threads of its
 * callers.
 */
package org.ringslice.node.files;
