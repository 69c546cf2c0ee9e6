package dev.rouse.e2e.bed;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The wires between the machines: one cable, and no way out of it. */
final class Network {

  private Network() {}

  /** Connects the machines. Those without a network namespace get one. */
  static void connect() throws IOException, InterruptedException {
    for (Machine machine : Machine.ALL) {
      if (!Files.exists(machine.namespaceFile())) {
        Command.of("ip", "netns", "add", machine.namespace()).run();
      }
    }
    Machine one = Machine.ALL.getFirst();
    Machine two = Machine.ALL.getLast();
    Command.of(
            List.of(
                "ip",
                "link",
                "add",
                "eth0",
                "netns",
                one.namespace(),
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                two.namespace()))
        .run();
    settle(one, two);
    settle(two, one);
    for (String address : Outside.addresses()) {
      ip(one, "addr", "add", address + "/32", "dev", "lo");
      ip(two, "route", "add", address + "/32", "via", one.address());
    }
  }

  private static void settle(Machine machine, Machine other)
      throws IOException, InterruptedException {
    ip(machine, "link", "set", "lo", "up");
    ip(machine, "addr", "add", machine.address() + "/24", "dev", "eth0");
    ip(machine, "link", "set", "eth0", "up");
    ip(machine, "route", "add", other.podRange(), "via", other.address());
    // A packet to a Service's address needs a route before its address is translated.
    ip(machine, "route", "add", Machine.SERVICE_RANGE, "dev", "eth0");
    Command.of(
            machine.inside(
                List.of(
                    "sysctl",
                    "-qw",
                    "net.ipv4.ip_forward=1",
                    // What passes from pod to pod over the bridge is judged, too.
                    "net.bridge.bridge-nf-call-iptables=1",
                    "net.bridge.bridge-nf-call-ip6tables=1")))
        .run();
  }

  private static void ip(Machine machine, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip", "-n", machine.namespace()));
    command.addAll(List.of(arguments));
    Command.of(command).run();
  }
}
