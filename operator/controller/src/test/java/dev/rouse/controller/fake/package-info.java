/**
 * A cluster for tests: an API server in this process, and a kubelet and a server played by hand.
 */
package dev.rouse.controller.fake;
