#!/usr/bin/env bash
# Checks what the build needs and names everything that is missing, with the way to get it.
# With "test": what the tests need besides. With "e2e": what the test bed of real nodes needs besides.
set -u
missing=0
need() { # command, how to get it
  command -v "$1" >/dev/null 2>&1 && return
  printf 'missing: %-6s %s\n' "$1" "$2" >&2
  missing=1
}
need mvn "Apache Maven 3.8 or newer (Debian: apt-get install maven)"
need go "Go 1.25 or newer, which builds Kubernetes' own programs (https://go.dev/dl)"
need bash "bash 4 or newer"
need flock "util-linux (Debian: apt-get install util-linux)"
has_postgres() {
  local bin
  for bin in /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null)" "$(dirname "$(command -v initdb || echo /)")"; do
    [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] && return
  done
  return 1
}
if [ "${1:-}" = test ]; then
  has_postgres || {
    printf 'missing: %-6s %s\n' postgres "PostgreSQL 13 or newer, which the tests start (Debian: apt-get install postgresql)" >&2
    missing=1
  }
  # PostgreSQL refuses to run as root.
  [ "$(id -u)" != 0 ] || need setpriv "util-linux (Debian: apt-get install util-linux)"
fi
if [ "${1:-}" = e2e ]; then
  if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ]; then
    printf 'make e2e needs root on Linux: it makes networks, mounts and cgroups. Try "sudo make e2e".\n' >&2
    exit 1
  fi
  need containerd "containerd 1.6 or newer (Debian: apt-get install containerd)"
  need ctr "containerd's own command (Debian: apt-get install containerd)"
  need runc "runc 1.1 or newer (Debian: apt-get install runc)"
  need nft "nftables 1.0.1 or newer (Debian: apt-get install nftables)"
  need conntrack "conntrack, for kube-proxy (Debian: apt-get install conntrack)"
  need ip "iproute2 (Debian: apt-get install iproute2)"
  need sysctl "procps (Debian: apt-get install procps)"
  need nsenter "util-linux (Debian: apt-get install util-linux)"
  need tar "tar (Debian: apt-get install tar)"
  [ -x /usr/lib/cni/bridge ] || [ -x /opt/cni/bin/bridge ] || {
    printf 'missing: %-6s %s\n' bridge "the network plugins bridge, host-local and loopback, in /usr/lib/cni or /opt/cni/bin (Debian: apt-get install containernetworking-plugins)" >&2
    missing=1
  }
  [ -d /proc/sys/net/bridge ] || modprobe br_netfilter 2>/dev/null || {
    printf 'missing: %-6s %s\n' kernel "the module br_netfilter, or policies between pods of one node are not enforced" >&2
    missing=1
  }
fi
exit $missing
