package dev.rouse.devcluster.node.container;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the place a volume really has where a pod's author wrote the place it has in the container:
 * a local process sees the machine's own file system.
 *
 * <p>A mount path is replaced where a path can begin (at the start of a value, after {@code =} or
 * after {@code :}) and only as a whole path element. So {@code --dir=/work/x} and {@code
 * PATH=/tools/bin:/bin} are rewritten; {@code file:///work}, {@code /workshop} and a path in the
 * middle of a sentence are not.
 */
public final class MountRewriter {

  private final List<Place> places;

  public MountRewriter(List<Place> places) {
    this.places =
        places.stream()
            .map(Place::normalized)
            .filter(place -> !place.mountPath().isEmpty())
            .sorted(Comparator.comparingInt((Place place) -> place.mountPath().length()).reversed())
            .toList();
  }

  public String rewrite(String value) {
    StringBuilder out = new StringBuilder(value.length());
    int at = 0;
    while (at < value.length()) {
      Place place = pathMayBeginAt(value, at) ? placeAt(value, at) : null;
      if (place == null) {
        out.append(value.charAt(at));
        at++;
      } else {
        out.append(place.directory());
        at += place.mountPath().length();
      }
    }
    return out.toString();
  }

  private static boolean pathMayBeginAt(String value, int at) {
    return value.charAt(at) == '/'
        && (at == 0 || value.charAt(at - 1) == '=' || value.charAt(at - 1) == ':');
  }

  private @Nullable Place placeAt(String value, int at) {
    for (Place place : places) {
      if (value.startsWith(place.mountPath(), at)
          && endsElement(value, at + place.mountPath().length())) {
        return place;
      }
    }
    return null;
  }

  private static boolean endsElement(String value, int at) {
    return at == value.length() || value.charAt(at) == '/' || value.charAt(at) == ':';
  }

  /**
   * Where one mount leads.
   *
   * @param mountPath the path in the container
   * @param directory the directory or file of this machine
   */
  public record Place(String mountPath, Path directory) {
    private Place normalized() {
      String path = mountPath;
      while (path.endsWith("/")) {
        path = path.substring(0, path.length() - 1);
      }
      return new Place(path, directory);
    }
  }
}
