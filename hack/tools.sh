#!/usr/bin/env bash
# Finds or builds the programs of the dev cluster's control plane, once, into a cache outside the checkout:
#
#   ${ROUSE_TOOLS_DIR:-${XDG_CACHE_HOME:-~/.cache}/rouse/tools}/
#     kubernetes-<version>/{kube-apiserver,kube-controller-manager,kube-scheduler,kubectl}
#     etcd-<version>/etcd
#     kubernetes-<version>/{kubelet,kube-proxy} coredns-<version>/coredns pause-<of its source>/pause
#                                                  for the test bed of real nodes, only when named
#     helm-<version>/helm                          for the chart's tests, only when named
#     kubeapitest/k8s/<version>-linux-<arch>/…     the same as links, laid out for Fabric8's kube-api-test
#
# usage: hack/tools.sh [PROGRAM…]                  the control plane's five when none is named
#        hack/tools.sh --path PROGRAM…             where each is, or would be
#
# The versions are those of the go.mod files under operator and stand nowhere else.
# ROUSE_KUBERNETES_BIN=DIR offers ready programs: those of the same minor version are copied, the rest is built.
# Safe to start twice (the second waits) and to kill at any moment (a program appears whole or not at all).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
modules=$root/operator/devcluster
bed=$root/operator/e2e/bed
tools=${ROUSE_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/rouse/tools}
kubernetes_programs="kube-apiserver kubectl kube-controller-manager kube-scheduler"
node_programs="coredns pause kube-proxy kubelet"

say() { printf 'tools: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# The version a go.mod requires of one module: the only place where it is written down.
required() { # go.mod, module
  awk -v module="$2" '$1 == "require" { $1 = ""; $0 = $0; $1 = $1 } $1 == module && $2 ~ /^v/ { print $2; exit }' "$1"
}

kubernetes=$(required "$modules/kubernetes/go.mod" k8s.io/kubernetes)
etcd=$(required "$modules/etcd/go.mod" go.etcd.io/etcd/server/v3)
coredns=$(required "$bed/coredns/go.mod" github.com/coredns/coredns)
pause=$(sha256sum <"$bed/pause/main.go" | cut -c1-12)
helm=$(required "$modules/helm/go.mod" helm.sh/helm/v3)
[ -n "$kubernetes" ] || die "no version of k8s.io/kubernetes in $modules/kubernetes/go.mod"
[ -n "$etcd" ] || die "no version of go.etcd.io/etcd/server/v3 in $modules/etcd/go.mod"
[ -n "$helm" ] || die "no version of helm.sh/helm/v3 in $modules/helm/go.mod"
minor=$(echo "$kubernetes" | cut -d. -f2)

case $(uname -s) in Linux) ;; *) die "the dev cluster runs on Linux only (it needs /proc); here is $(uname -s)" ;; esac
case $(uname -m) in
  x86_64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) arch=$(uname -m) ;;
esac

place() { # program -> its path in the cache
  case $1 in
    etcd) echo "$tools/etcd-$etcd/etcd" ;;
    coredns) echo "$tools/coredns-$coredns/coredns" ;;
    pause) echo "$tools/pause-$pause/pause" ;;
    helm) echo "$tools/helm-$helm/helm" ;;
    *) echo "$tools/kubernetes-$kubernetes/$1" ;;
  esac
}

paths_only=
if [ "${1:-}" = --path ]; then paths_only=1 && shift; fi
wanted=${*:-etcd $kubernetes_programs}
known="etcd $kubernetes_programs $node_programs helm"
for program in $wanted; do
  case " $known " in
    *" $program "*) ;;
    *) die "no program '$program': there are $known" ;;
  esac
done
if [ -n "$paths_only" ]; then
  for program in $wanted; do place "$program"; done
  exit 0
fi

missing() {
  local program
  for program in $wanted; do [ -x "$(place "$program")" ] || echo "$program"; done
}

links() {
  local layout=$tools/kubeapitest/k8s/${kubernetes#v}-linux-$arch program target
  mkdir -p "$layout"
  for program in kube-apiserver etcd kubectl; do
    target=$(place "$program")
    [ -x "$target" ] || continue
    [ "$(readlink "$layout/$program" || true)" = "$target" ] || ln -sfn "$target" "$layout/$program"
  done
}

if [ -z "$(missing)" ] && [ -d "$tools/kubeapitest/k8s/${kubernetes#v}-linux-$arch" ]; then
  links
  exit 0
fi

# Runs a command with its output in a file and says every while that it is still at work.
began=$SECONDS
attended() { # what, log, command…
  local what=$1 log=$2 status=0 tick=15 beat
  shift 2
  [ -t 2 ] && tick=1
  "$@" >"$log" 2>&1 &
  local work=$!
  (
    while sleep "$tick" && kill -0 $$ 2>/dev/null; do
      if [ -t 2 ]; then printf '\rtools: %s … %d s ' "$what" "$((SECONDS - began))" >&2; else say "$what … $((SECONDS - began)) s"; fi
    done
  ) 9>&- &
  beat=$!
  wait "$work" || status=$?
  kill "$beat" 2>/dev/null || true
  wait "$beat" 2>/dev/null || true
  [ -t 2 ] && printf '\r\033[K' >&2
  if [ "$status" -ne 0 ]; then
    tail -n 20 "$log" >&2
    die "$what failed with status $status; the whole log is $log"
  fi
}

mkdir -p "$tools"
exec 9>>"$tools/.lock"
if ! flock -n 9; then
  # A builder that was killed leaves its compiler behind, which holds the lock until it is done: its work is not lost.
  say "another build is filling $tools: waiting for it"
  attended "waiting for the other build" "$tools/.wait.log" flock 9
  rm -f "$tools/.wait.log"
fi
# Under the lock every temporary directory is a dead builder's.
rm -rf "$tools"/.build-*
work=$(mktemp -d "$tools/.build-XXXXXX")
finish() {
  local status=$?
  [ "$status" -ne 0 ] || rm -rf "$work"
  local jobs_left
  jobs_left=$(jobs -p)
  # shellcheck disable=SC2086 # a list of process ids
  [ -z "$jobs_left" ] || kill $jobs_left 2>/dev/null || true
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

publish() { # file, program: appears whole or not at all
  local target
  target=$(place "$2")
  mkdir -p "$(dirname "$target")"
  chmod 755 "$1"
  mv -f "$1" "$target"
}

version_of() { # program file
  case $(basename "$1") in
    etcd) "$1" --version 2>/dev/null | sed -n 's/^etcd Version: /v/p' ;;
    helm) "$1" version --template '{{.Version}}' 2>/dev/null ;;
    kubectl) "$1" version --client 2>/dev/null | sed -n 's/^Client Version: //p' ;;
    *) "$1" --version 2>/dev/null | sed -n 's/^Kubernetes //p' ;;
  esac
}

offered=${ROUSE_KUBERNETES_BIN:-}
if [ -n "$offered" ]; then
  [ -d "$offered" ] || die "ROUSE_KUBERNETES_BIN=$offered is not a directory"
  for program in $(missing); do
    case $program in coredns | pause) continue ;; esac
    [ -x "$offered/$program" ] || { say "$offered has no $program: it will be built"; continue; }
    found=$(version_of "$offered/$program" || true)
    case $program in etcd) needed=$etcd ;; helm) needed=$helm ;; *) needed=$kubernetes ;; esac
    if [ "$(echo "$found" | cut -d. -f1,2)" != "$(echo "$needed" | cut -d. -f1,2)" ]; then
      die "$offered/$program is ${found:-of unknown version}, needed is ${needed%.*}.x: offer that one, or unset ROUSE_KUBERNETES_BIN and it is built"
    fi
    cp "$offered/$program" "$work/$program"
    publish "$work/$program" "$program"
    say "$program $found taken from $offered"
  done
fi

todo=$(missing)
if [ -n "$todo" ]; then
  how="install Go 1.25 or newer (your system's packages, or the Go project's download page), or set ROUSE_KUBERNETES_BIN to a directory that holds: $(echo $todo)"
  command -v go >/dev/null || die "building $(echo $todo) needs Go 1.25 or newer, and there is no 'go' in PATH: $how"
  go_version=$(GOTOOLCHAIN=local go env GOVERSION)
  go_minor=$(echo "${go_version#go}" | cut -d. -f2 | tr -dc 0-9)
  [ "${go_version#go1.}" = "$go_version" ] || [ "${go_minor:-0}" -ge 25 ] ||
    die "building $(echo $todo) needs Go 1.25 or newer, here is $go_version: $how"
  case " $(echo $todo) " in *" kube-"*) minutes="6-10 min" ;; *) minutes="1-3 min" ;; esac
  say "building $(echo $todo) from source, about $minutes on 2 cores, once; cached in $tools"

  export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=readonly
  stamp="-X k8s.io/component-base/version.gitVersion=$kubernetes"
  stamp="$stamp -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=$minor"
  stamp="$stamp -X k8s.io/component-base/version.gitTreeState=clean"
  build() { # program
    case $1 in
      etcd)
        attended "etcd $etcd" "$work/etcd.log" go -C "$modules/etcd" build -trimpath -ldflags "-s -w" -o "$work/etcd" .
        ;;
      coredns | pause)
        attended "$1" "$work/$1.log" go -C "$bed/$1" build -trimpath -ldflags "-s -w" -o "$work/$1" .
        ;;
      helm)
        # Without a cluster it renders for the Kubernetes that is stamped in; unstamped, for 1.20.
        local stamp="-X helm.sh/helm/v3/internal/version.version=$helm -X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=$minor"
        attended "helm $helm" "$work/helm.log" go -C "$modules/helm" build -trimpath -ldflags "-s -w $stamp" \
          -o "$work/helm" helm.sh/helm/v3/cmd/helm
        ;;
      *)
        attended "$1 $kubernetes" "$work/$1.log" \
          go -C "$modules/kubernetes" build -trimpath -ldflags "-s -w $stamp" -o "$work/$1" "k8s.io/kubernetes/cmd/$1"
        ;;
    esac
    publish "$work/$1" "$1"
    say "$1 is ready after $((SECONDS - began)) s"
  }
  # One after the other: the compiler fills every core by itself, and what is ready can be used at once.
  for program in $known; do
    case " $(echo $todo) " in *" $program "*) build "$program" ;; esac
  done
fi
links
