package dev.rouse.controller.session;

import dev.rouse.controller.Settings;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the pods of all sessions.
 *
 * @param brains gives what holds for a brain that is made now
 */
record PodTemplates(Supplier<BrainPod.Template> brains, HandsPod.Template hands) {

  static PodTemplates of(Settings settings) {
    @Nullable CaFile ca = settings.caFile() == null ? null : new CaFile(settings.caFile());
    return new PodTemplates(
        () ->
            new BrainPod.Template(
                settings.brainImage(), settings.serverUrl(), ca == null ? null : ca.pem()),
        new HandsPod.Template(
            settings.handsImage(),
            settings.handsResources(),
            settings.isolation().forbidden(),
            settings.handsRuntime()));
  }

  BrainPod.Template brain() {
    return brains.get();
  }
}
