#!/usr/bin/env bash
# Runs the tests that need real nodes (operator/e2e, classes named XxxE2E) on a bed of two nodes on this machine,
# as root: docs/design/real-nodes.md.
#
# usage: hack/e2e.sh [--full] [CLASS…]     all classes when none is named
#   --full   what takes long, too, and the page docs/performance/real-nodes.md
#   KEEP=1   the bed stays up when the tests are over, until Ctrl-C
#
# Two networks of this machine are the nodes, without a way out; the tests run in the first, where pods can be reached.
# Everything else is below $ROUSE_E2E_DIR and ends with this script, or is removed by its next start.
set -euo pipefail
cd "$(dirname "$0")/.."
hack/check.sh e2e
java=$(hack/jdk.sh)/bin/java
dir=${ROUSE_E2E_DIR:-/var/lib/rouse-e2e}
networks="rouse-e2e-1 rouse-e2e-2"
mkdir -p "$dir.files"

# One at a time on a machine: their networks and cgroups have names.
exec 9>>"$dir.files/lock"
flock -n 9 || {
  echo "another test bed is up on this machine (it holds $dir.files/lock): wait for its end, or stop it" >&2
  exit 1
}
programs="kubelet kube-proxy coredns pause helm"
hack/tools.sh etcd kube-apiserver kube-controller-manager kube-scheduler kubectl
# shellcheck disable=SC2086 # a list of names
hack/tools.sh $programs

classpath=operator/e2e/target/e2e.classpath
[ -s "$classpath" ] || {
  echo "the tests are not built: run 'make e2e'" >&2
  exit 1
}
flags=(-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
  "-Drouse.root=$PWD" "-Drouse.bed.directory=$dir" "-Djdk.net.hosts.file=$dir.files/hosts"
  -cp "operator/e2e/target/test-classes:$(cat "$classpath")")
for program in $programs; do flags+=("-Drouse.bed.$program=$(hack/tools.sh --path "$program")"); done
[ -z "${KEEP:-}" ] || flags+=(-Drouse.bed.keep=true)
printf '127.0.0.1 localhost\n' >"$dir.files/hosts"

remove_networks() {
  local network
  for network in $networks; do ip netns del "$network" 2>/dev/null || true; done
}
finish() {
  local status=$?
  # Whatever ended the tests: what they started is still theirs.
  [ "$status" -lt 128 ] || "$java" "${flags[@]}" dev.rouse.e2e.bed.Main --clean || true
  remove_networks
}
trap finish EXIT
remove_networks
for network in $networks; do ip netns add "$network"; done
modprobe br_netfilter 2>/dev/null || true
# A Ctrl-C goes to the tests, which end the bed; this script waits for them.
trap : INT
nsenter --net=/run/netns/rouse-e2e-1 "$java" "${flags[@]}" dev.rouse.e2e.bed.Main "$@" 9>&-
