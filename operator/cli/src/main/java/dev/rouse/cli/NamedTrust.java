package dev.rouse.cli;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts a server that proves to be {@code name}, whatever address it was reached at: through a
 * port-forward everybody is localhost, so the address says nothing.
 */
final class NamedTrust extends X509ExtendedTrustManager {

  private static final int DNS_NAME = 2;

  private final X509TrustManager authorities;
  private final String name;

  NamedTrust(X509TrustManager authorities, String name) {
    this.authorities = authorities;
    this.name = name;
  }

  private void check(X509Certificate[] chain, String authType) throws CertificateException {
    authorities.checkServerTrusted(chain, authType);
    Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
    boolean named =
        names != null
            && names.stream()
                .filter(each -> Integer.valueOf(DNS_NAME).equals(each.get(0)))
                .anyMatch(each -> name.equalsIgnoreCase(String.valueOf(each.get(1))));
    if (!named) {
      throw new CertificateException("the server's certificate is not for " + name);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this is no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.getAcceptedIssuers();
  }
}
