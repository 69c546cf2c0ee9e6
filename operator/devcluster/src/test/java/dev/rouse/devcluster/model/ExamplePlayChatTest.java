package dev.rouse.devcluster.model;

/** The examples over the chat protocol. */
class ExamplePlayChatTest extends ExamplePlayTest {

  @Override
  Dialogue dialogue(ModelClient client, String model) {
    return Dialogue.chat(client, model);
  }
}
