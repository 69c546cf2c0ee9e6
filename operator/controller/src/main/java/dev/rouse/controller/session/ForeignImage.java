package dev.rouse.controller.session;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The tool server in a sandbox whose image is not our hands image. Its Java runtime and jars are
 * put into the pod from ours, at the place where they are there, so that any image of glibc will
 * do. An image that was made from ours is treated likewise and so has the server that fits the
 * operator.
 */
final class ForeignImage {

  /** Where it is in our image, and has to be: its command line names it. */
  private static final String HOME = "/opt/rouse";

  private static final String NAME = "runtime";
  private static final String COPY = "/runtime";

  /** Times are kept: the JVM refuses a cache beside jars of other times. */
  private static final String COPYING =
      """
      [ -x "$0/runtime/bin/java" ] || { echo "this hands image has nothing in $0 to give to another image" >&2; exit 1; }
      exec cp -R --preserve=mode,timestamps "$0"/* "$1"\
      """;

  private ForeignImage() {}

  /**
   * The pod with what its image lacks.
   *
   * @param hands a pod whose first container is the tool server's
   */
  static Pod completed(Pod hands, HandsPod.Template template) {
    Container server = hands.getSpec().getContainers().getFirst();
    if (server.getImage().equals(template.image())) {
      return hands;
    }
    return switch (template.runtime()) {
      case COPY ->
          new PodBuilder(mounting(hands, PodParts.scratch(NAME), null))
              .editSpec()
              .addToInitContainers(copying(server, template.image()))
              .endSpec()
              .build();
      case VOLUME -> mounting(hands, image(template.image()), HOME.substring(1));
      case IMAGE -> hands;
    };
  }

  private static Pod mounting(Pod hands, Volume volume, @Nullable String subPath) {
    return new PodBuilder(hands)
        .editSpec()
        .addToVolumes(volume)
        .editFirstContainer()
        .withCommand(HOME + "/runtime/bin/java", "@" + HOME + "/java.args")
        // Names of files are read in it; an image need not say what it speaks.
        .addToEnv(PodParts.env("LC_CTYPE", "C.UTF-8"))
        .addNewVolumeMount()
        .withName(NAME)
        .withMountPath(HOME)
        .withSubPath(subPath)
        // Nothing that runs in the sandbox changes what runs the sandbox.
        .withReadOnly(true)
        .endVolumeMount()
        .endContainer()
        .endSpec()
        .build();
  }

  private static Container copying(Container server, String image) {
    return new ContainerBuilder()
        .withName(NAME)
        .withImage(image)
        .withCommand("/bin/sh", "-c", COPYING, HOME, COPY)
        // A pod asks for the most that any of its containers asks for: this one adds nothing.
        .withResources(server.getResources())
        .withSecurityContext(PodParts.security())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .addNewVolumeMount()
        .withName(NAME)
        .withMountPath(COPY)
        .endVolumeMount()
        .build();
  }

  private static Volume image(String reference) {
    return new VolumeBuilder()
        .withName(NAME)
        .withNewImage()
        .withReference(reference)
        .endImage()
        .build();
  }
}
