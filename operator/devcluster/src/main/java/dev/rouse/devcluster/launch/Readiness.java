package dev.rouse.devcluster.launch;

import java.net.URI;

/** How one knows that a component is at work. */
sealed interface Readiness {

  /** A URL answers 200. */
  record Answers(URI uri) implements Readiness {}

  /** Somebody listens at a port of 127.0.0.1. */
  record Listens(int port) implements Readiness {}

  /** A node has registered itself and is Ready. */
  record NodeReady(String name) implements Readiness {}

  /** It has nothing that could be asked: that it runs is all one knows. */
  record Runs() implements Readiness {}
}
