package dev.rouse.devcluster.pki;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a certificate shall say.
 *
 * @param commonName the user, as Kubernetes reads it
 * @param organizations the groups of the user, as Kubernetes reads them
 * @param names the host names a server is reached by
 * @param addresses the IP addresses a server is reached by
 * @param key the kind of its key
 */
record CertificateRequest(
    String commonName,
    List<String> organizations,
    List<String> names,
    List<String> addresses,
    KeyKind key) {

  CertificateRequest {
    organizations = List.copyOf(organizations);
    names = List.copyOf(names);
    addresses = List.copyOf(addresses);
  }

  /** A client that is a user in groups. */
  static CertificateRequest client(String user, KeyKind key, String... groups) {
    return new CertificateRequest(user, List.of(groups), List.of(), List.of(), key);
  }

  /** A server on loopback that is reached by more names too. */
  static CertificateRequest server(String commonName, KeyKind key, String... names) {
    return client(commonName, key).reachedBy(names);
  }

  /** The same, also for serving at loopback and under more names. */
  CertificateRequest reachedBy(String... names) {
    List<String> hosts = Stream.concat(Stream.of("localhost"), Stream.of(names)).toList();
    return new CertificateRequest(commonName, organizations, hosts, List.of("127.0.0.1"), key);
  }

  /** The same with one more address. */
  CertificateRequest at(String address) {
    List<String> all = Stream.concat(addresses.stream(), Stream.of(address)).toList();
    return new CertificateRequest(commonName, organizations, names, all, key);
  }

  boolean isServer() {
    return !addresses.isEmpty();
  }
}
