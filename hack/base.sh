#!/usr/bin/env bash
# Makes the base of an image out of Debian packages, once, without a container engine or a registry:
#
#   hack/base.sh program   glibc and nothing to log into: operator, server, brain     (half a minute)
#   hack/base.sh hands     bash, coreutils, git, ripgrep, python3, curl: the sandbox  (2 minutes)
#
# Prints the path of a tar as "docker save" writes it. Packages come from this system's own apt sources, or
# from the file that ROUSE_APT_SOURCES names. The result is kept outside the checkout, by recipe:
#
#   ${ROUSE_TOOLS_DIR:-${XDG_CACHE_HOME:-~/.cache}/rouse/tools}/bases/<name>-<recipe>.tar
#
# REFRESH=1 makes it again from the packages of today; the same packages give the same bytes.
set -euo pipefail

name=${1:-}
tools=${ROUSE_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/rouse/tools}
self=$(readlink -f "${BASH_SOURCE[0]}")

say() { printf 'base: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

instead="or name a base of your own: make images BASE=... HANDS_BASE=..."
case $(uname -m) in
  x86_64) arch=amd64 ;;
  aarch64) arch=arm64 ;;
  *) die "no recipe for $(uname -m): $instead" ;;
esac

# What is in no base: nobody reads manuals here, and the JVM brings its own time zones.
options=()
for path in '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/info/*' '/usr/share/locale/*' '/usr/share/lintian/*' \
  '/usr/share/bug/*' '/usr/share/bash-completion/*' '/usr/share/zoneinfo/right/*' '/usr/share/gitweb/*' \
  '/usr/share/perl/*/pod/*'; do
  options+=("--dpkgopt=path-exclude=$path")
done
# The licences stay.
options+=('--dpkgopt=path-include=/usr/share/doc/*/copyright')

# Called by mmdebstrap with the new root directory.
hook=${ROUSE_BASE_HOOK:-}
if [ "$hook" = program ]; then
  # No package's script has run here. What scanners want to know of the packages stands where they look for it.
  printf '%s\n' 'root:x:0:0::/root:/usr/sbin/nologin' 'nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin' >"$1/etc/passwd"
  printf '%s\n' 'root:x:0:' 'nogroup:x:65534:' >"$1/etc/group"
  mkdir -p "$1/var/lib/dpkg/status.d"
  for package in "$1"/var/cache/apt/archives/*.deb; do
    dpkg-deb --field "$package" >"$1/var/lib/dpkg/status.d/$(dpkg-deb --field "$package" Package)"
  done
fi
if [ -n "$hook" ]; then
  # Nothing here becomes another user.
  find "$1" -xdev -type f -perm /6000 -exec chmod ug-s {} +
  echo 'rouse:x:1000:1000::/nonexistent:/usr/sbin/nologin' >>"$1/etc/passwd"
  echo 'rouse:x:1000:' >>"$1/etc/group"
  exit 0
fi

case $name in
  program)
    # Unpacked only: nothing here needs a package manager, a shell or a script. libc-bin for the locale C.UTF-8.
    options+=(--variant=extract --include=base-files,libc6,libc-bin --extract-hook="ROUSE_BASE_HOOK=program $self \"\$1\"")
    options+=('--dpkgopt=path-exclude=/usr/bin/*' '--dpkgopt=path-exclude=/usr/sbin/*' '--dpkgopt=path-exclude=/sbin/*'
      '--dpkgopt=path-exclude=/usr/lib/*/gconv/*')
    ;;
  hands)
    options+=(--variant=essential --include=ca-certificates,curl,git,jq,less,patch,procps,python3,ripgrep,unzip,xz-utils,zip
      --customize-hook="ROUSE_BASE_HOOK=hands $self \"\$1\"")
    ;;
  *) die "usage: hack/base.sh program|hands" ;;
esac

recipe=$(cat "$self" <(echo "$arch") | sha256sum | cut -c1-12)
out=$tools/bases/$name-$recipe.tar
have() {
  [ -s "$out" ] && [ -z "${REFRESH:-}" ] || return 1
  echo "$out"
}
have && exit

command -v mmdebstrap >/dev/null || die "mmdebstrap is missing (Debian: apt-get install mmdebstrap), $instead"
if [ "$(id -u)" != 0 ] && ! unshare -Ur true 2>/dev/null && ! command -v fakechroot >/dev/null; then
  die "this needs root, or unprivileged user namespaces, or fakechroot (Debian: apt-get install fakechroot), $instead"
fi
sources=()
if [ -n "${ROUSE_APT_SOURCES:-}" ]; then
  sources=("$ROUSE_APT_SOURCES")
else
  # Of the distribution only: what else a machine subscribes to has no place in an image.
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/{debian,ubuntu}.sources; do
    if grep -qsE '^(deb |URIs:)' "$file"; then sources+=("$file"); fi
  done
fi
[ ${#sources[@]} -gt 0 ] || die "no apt sources here: name a file of Debian's in ROUSE_APT_SOURCES, $instead"

mkdir -p "$tools/bases"
exec 9>>"$tools/bases/.lock"
flock 9
# Another one may have made it meanwhile.
have && exit
rm -rf "$tools"/bases/.build-*
work=$(mktemp -d "$tools/bases/.build-XXXXXX")
trap 'rm -rf "$work"' EXIT
say "making the base of ${name/program/operator, server and brain} from Debian packages, once"
# As all other files of the images; zip knows no time before 1980.
export SOURCE_DATE_EPOCH=1767225600
# Of the machine that made it, or of no use in a container.
leftovers=()
for path in '/dev/*' '/etc/apt' '/etc/dpkg' '/etc/fstab' '/etc/hostname' '/etc/resolv.conf' '/etc/machine-id' \
  '/etc/update-motd.d' '/var/lib/apt' '/var/cache/apt' '/var/cache/debconf' '/var/cache/ldconfig' '/var/log/*'; do
  leftovers+=("--path-exclude=$path" "--path-exclude=$path/*")
done
mmdebstrap "${options[@]}" --architectures="$arch" --aptopt='Acquire::Languages "none"' --format=tar '' - "${sources[@]}" 2>"$work/log" |
  mmtarfilter "${leftovers[@]}" >"$work/layer.tar" || { tail -n 20 "$work/log" >&2; die "mmdebstrap failed"; }

digest=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
cat >"$work/config.json" <<JSON
{"architecture":"$arch","os":"linux","created":"1970-01-01T00:00:00Z",
"config":{"Env":["PATH=/usr/local/bin:/usr/bin:/bin","LANG=C.UTF-8"]},
"rootfs":{"type":"layers","diff_ids":["sha256:$digest"]},
"history":[{"created":"1970-01-01T00:00:00Z","created_by":"hack/base.sh $name"}]}
JSON
echo '[{"Config":"config.json","RepoTags":null,"Layers":["layer.tar"]}]' >"$work/manifest.json"
tar -C "$work" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/base.tar" \
  config.json layer.tar manifest.json
mv "$work/base.tar" "$out"
# What an older recipe made is of no use to anybody.
find "$tools/bases" -name "$name-*.tar" ! -name "${out##*/}" -delete
say "$out: $(($(stat -c %s "$out") >> 20)) MiB"
echo "$out"
