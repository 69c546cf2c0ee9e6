package dev.rouse.controller.session;

import dev.rouse.controller.Settings;
import dev.rouse.logging.LogFormat;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the pods of all sessions.
 *
 * @param brains gives what holds for a brain that is made now
 * @param logFormat how their programs write their logs: as the operator does
 */
record PodTemplates(
    Supplier<BrainPod.Template> brains, HandsPod.Template hands, LogFormat logFormat) {

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
            settings.handsRuntime()),
        settings.logFormat());
  }

  BrainPod.Template brain() {
    return brains.get();
  }

  /** The pod with the log format of its program; text is what programs write unasked. */
  Pod logging(Pod pod) {
    return switch (logFormat) {
      case TEXT -> pod;
      case JSON ->
          new PodBuilder(pod)
              .editSpec()
              .editFirstContainer()
              .addToEnv(PodParts.env(LogFormat.SETTING, logFormat.value()))
              .endContainer()
              .endSpec()
              .build();
    };
  }
}
