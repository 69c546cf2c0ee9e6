package dev.rouse.devcluster.pki;

import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** The kinds of key a certificate may be for. */
enum KeyKind {
  /** Quick to make; for what only Kubernetes' own programs read. */
  EC("EC", "SHA256withECDSA", new ECGenParameterSpec("secp256r1")),
  /** Understood by every client: the Kubernetes client for Java takes an unnamed key for RSA. */
  RSA("RSA", "SHA256withRSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));

  private final String algorithm;
  private final String signature;
  private final AlgorithmParameterSpec parameters;

  KeyKind(String algorithm, String signature, AlgorithmParameterSpec parameters) {
    this.algorithm = algorithm;
    this.signature = signature;
    this.parameters = parameters;
  }

  /** What a key of this kind signs with. */
  String signature() {
    return signature;
  }

  KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(parameters);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("this JDK cannot make a key of kind " + algorithm, e);
    }
  }
}
