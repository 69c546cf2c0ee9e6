package dev.rouse.log.memory;

import dev.rouse.log.Given;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogStoreContract;

class InMemoryLogStoreTest extends LogStoreContract {

  private final InMemoryLogStore store = new InMemoryLogStore();

  @Override
  protected LogStore store() {
    return store;
  }

  @Override
  protected LogStore otherStore() {
    return store;
  }

  @Override
  protected LogKey newKey() {
    return Given.key("default");
  }

  @Override
  protected void damage(LogKey key) {
    store.damage(key);
  }
}
