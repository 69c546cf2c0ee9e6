package dev.rouse.images;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A base image of one file, as {@code docker save} and {@code hack/base.sh} write one. */
final class TinyBase {

  private TinyBase() {}

  static String write(Path file) throws IOException {
    byte[] layer = tar("etc/os-release", "ID=tiny\n".getBytes(StandardCharsets.UTF_8));
    String config =
        """
        {"architecture": "amd64", "os": "linux", "config": {"Env": ["PATH=/base/bin"]},
         "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}, "history": [{"created_by": "base"}]}
        """
            .formatted(sha256(layer));
    String manifest = "[{\"Config\": \"config.json\", \"Layers\": [\"layer.tar\"]}]";
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      add(tar, "config.json", config.getBytes(StandardCharsets.UTF_8));
      add(tar, "layer.tar", layer);
      add(tar, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
    }
    return "tar://" + file;
  }

  private static byte[] tar(String name, byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      add(tar, name, content);
    }
    return out.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
