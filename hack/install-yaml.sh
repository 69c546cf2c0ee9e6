#!/usr/bin/env bash
# Renders the chart for kubectl: install.yaml, with a namespace that enforces the restricted level, and uninstall.yaml,
# which holds what Helm would run after an uninstallation. docs/install.md says how to use both.
#
# usage: hack/install-yaml.sh DIRECTORY [VALUES-FILE]          NAMESPACE=rouse-system
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${ROUSE_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/rouse/tools}
directory=${1:?usage: hack/install-yaml.sh DIRECTORY [VALUES-FILE]}
values=${2:-}
namespace=${NAMESPACE:-rouse-system}

"$root/hack/tools.sh" helm
version=$(awk '$2 == "helm.sh/helm/v3" { print $3; exit }' "$root/operator/devcluster/helm/go.mod")

render() {
  "$tools/helm-$version/helm" template rouse "$root/helm/rouse" --namespace "$namespace" \
    ${values:+--values "$values"} "$@"
}

mkdir -p "$directory"
install=$(render --no-hooks)
cat >"$directory/install.yaml" <<EOF
# Rendered from helm/rouse by hack/install-yaml.sh.
apiVersion: v1
kind: Namespace
metadata:
  name: $namespace
  labels:
    pod-security.kubernetes.io/enforce: restricted
$install
EOF
render --show-only templates/uninstall.yaml >"$directory/uninstall.yaml"
echo "rendered: $directory/install.yaml, $directory/uninstall.yaml"
