/**
 * The operator: one package per kind, and what they share. It reads the custom resources and pods,
 * and makes pods, volumes and its part of the status out of them; it never reads a log, never calls
 * a model and never talks to the server.
 */
@NullMarked
package dev.rouse.controller;

import org.jspecify.annotations.NullMarked;
