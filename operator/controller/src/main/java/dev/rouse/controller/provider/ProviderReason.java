package dev.rouse.controller.provider;

/** Reasons of a ModelProvider's condition {@code Ready}, and of a Session's that needs it. */
public enum ProviderReason {
  /** True: the key is there. */
  KeyFound,
  /** True: {@code spec.secretRef} is left out, so no key is sent. */
  NoKeyNeeded,
  /** False: {@code spec.secretRef.name} names no Secret; asked for again by itself. */
  SecretMissing,
  /** False: the Secret has no such key; asked for again by itself. */
  KeyMissing,
  /** False: more than one ModelProvider of the namespace says {@code default: true}. */
  DefaultNotUnique
}
