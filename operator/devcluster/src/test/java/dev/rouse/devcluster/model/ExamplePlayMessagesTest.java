package dev.rouse.devcluster.model;

/** The examples over the Messages protocol. */
class ExamplePlayMessagesTest extends ExamplePlayTest {

  @Override
  Dialogue dialogue(ModelClient client, String model) {
    return Dialogue.messages(client, model);
  }
}
