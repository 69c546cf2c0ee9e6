#!/usr/bin/env bash
# Prints the home of a JDK 25 or newer, or says how to get one and fails.
set -u
is_new() { # directory
  [ -x "$1/bin/javac" ] || return 1
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  [ "${version:-0}" -ge 25 ]
}
for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* \
  "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  if [ -n "$home" ] && is_new "$home"; then
    printf '%s\n' "$home"
    exit 0
  fi
done
cat >&2 <<'TXT'
Rouse needs a JDK 25 or newer, and none was found in JAVA_HOME, /usr/lib/jvm, /opt, ~/.sdkman or ~/.jdks.
Install one (for example "sdk install java 25-tem", or your distribution's Temurin or OpenJDK package)
and set JAVA_HOME to it.
TXT
exit 1
