package dev.rouse.log;

/** Something that was registered, and ends when closed. Closing twice does nothing. */
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
