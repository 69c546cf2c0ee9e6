package dev.rouse.devcluster.pki;

import java.nio.file.Path;

/**
 * A key and what goes with it, as files.
 *
 * @param certificate PEM, a certificate; for the service-account keys the public key
 * @param key PEM (PKCS #8), readable by this user only
 */
public record KeyFiles(Path certificate, Path key) {}
