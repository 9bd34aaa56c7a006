package org.ringslice.node.zmq;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A bare TCP socket that writes what it likes to a port: ZMTP 3 as RFC 23 has it, up to where it
 * does not.
 */
final class Stranger implements Closeable {
  private static final int PATIENCE_MILLIS = 5000;
  private static final int LARGE = 2;
  private static final int MORE = 1;

  private final Socket socket;
  private final OutputStream out;

  Stranger(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
  }

  /** Writes; whether the other side still took it. */
  boolean write(byte[] bytes) {
    try {
      out.write(bytes);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The greeting with the mechanism NULL, and READY, as an anonymous DEALER. */
  Stranger greet() throws IOException {
    write(greeting(3));
    ByteArrayOutputStream ready = new ByteArrayOutputStream();
    ready.write(5);
    ready.writeBytes(ascii("READY"));
    property(ready, "Socket-Type", "DEALER");
    property(ready, "Identity", "");
    write(new byte[] {4, (byte) ready.size()});
    write(ready.toByteArray());
    // the greeting and READY of the other side
    socket.getInputStream().readNBytes(64 + 2);
    return this;
  }

  static byte[] greeting(int version) {
    ByteBuffer greeting = ByteBuffer.allocate(version == 3 ? 64 : 12);
    greeting.put((byte) 0xFF).position(9).put((byte) 0x7F);
    greeting.put((byte) (version == 3 ? 3 : version - 1)).put((byte) (version == 3 ? 0 : 5));
    if (version == 3) {
      greeting.put(ascii("NULL"));
    }
    return greeting.array();
  }

  private static void property(ByteArrayOutputStream to, String name, String value) {
    to.write(name.length());
    to.writeBytes(ascii(name));
    to.writeBytes(ByteBuffer.allocate(4).putInt(value.length()).array());
    to.writeBytes(ascii(value));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A long frame that claims this size and brings these bytes. */
  static byte[] frame(boolean more, long claimedSize, byte[] bytes) {
    return ByteBuffer.allocate(9 + bytes.length)
        .put((byte) (LARGE | (more ? MORE : 0)))
        .putLong(claimedSize)
        .put(bytes)
        .array();
  }

  static byte[] frame(boolean more, byte[] bytes) {
    return frame(more, bytes.length, bytes);
  }

  /** Whether the other side ends the connection. */
  boolean isShownTheDoor() throws IOException {
    byte[] sink = new byte[4096];
    try {
      while (socket.getInputStream().read(sink) >= 0) {
        // whatever it says
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
