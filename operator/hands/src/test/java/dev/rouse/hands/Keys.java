package dev.rouse.hands;

import dev.rouse.session.protocol.Ticket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;

/** The server's key pair, as tests play the server. */
record Keys(KeyPair pair) {

  static final String SESSION = "6f1d7a52-0c2b-4b5e-9a51-2f3c1f0f8a11";

  static Keys make() {
    try {
      return new Keys(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String publicText() {
    return Ticket.encodeKey(pair.getPublic());
  }

  String ticket(int epoch) {
    return new Ticket(SESSION, 1, epoch).sign(pair.getPrivate());
  }

  String ticket(String session, int generation, int epoch) {
    return new Ticket(session, generation, epoch).sign(pair.getPrivate());
  }
}
