package dev.rouse.controller.session;

import dev.rouse.controller.Settings;

/** What holds for the pods of all sessions. */
record PodTemplates(BrainPod.Template brain, String handsImage) {

  static PodTemplates of(Settings settings) {
    return new PodTemplates(
        new BrainPod.Template(settings.brainImage(), settings.serverUrl(), settings.ca()),
        settings.handsImage());
  }
}
