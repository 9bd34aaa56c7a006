/**
 * How nodes of a LAN find each other: multicast DNS (RFC 6762) with service discovery (RFC 6763),
 * and the choice of the addresses to listen on. The only package that names {@code javax.jmdns};
 * uses {@code messages}, {@code event} and {@code port}. All waiting is done on threads of its own,
 * one for each address.
 */
package org.ringslice.node.mdns;
