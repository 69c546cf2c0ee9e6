#!/usr/bin/env bash
# Builds target/kubectl-rouse: one folder with its own Java runtime and an ahead-of-time cache, so that the
# command starts fast and needs nothing installed. Put it on the PATH and "kubectl rouse" works.
set -euo pipefail
cd "$(dirname "$0")/.."
java_home=$(hack/jdk.sh)
jar=operator/cli/target/rouse-cli-0.1.0-SNAPSHOT.jar
out=target/kubectl-rouse
echo "== kubectl-rouse (about half a minute)"
# What the jars use of the JDK; jdeps cannot tell, because some of them name modules that are not here.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.unsupported
rm -rf "$out"
mkdir -p target
"$java_home/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
  --compress zip-6 --output "$out/runtime"
mkdir "$out/lib"
cp "$jar" operator/cli/target/lib/*.jar "$out/lib"
cat >"$out/kubectl-rouse" <<'SH'
#!/bin/sh
# Starts the command line with the runtime beside this script.
self=$(readlink -f "$0")
here=${self%/*}
jars=
for jar in "$here"/lib/*.jar; do jars=$jars${jars:+:}$jar; done
exec "$here/runtime/bin/java" ${ROUSE_JAVA_FLAGS:--XX:AOTCache="$here/kubectl-rouse.aot"} -Xlog:disable \
  -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -cp "$jars" dev.rouse.cli.Main "$@"
SH
chmod +x "$out/kubectl-rouse"
# The training run: the commands that people type, as far as they go without a cluster.
ROUSE_JAVA_FLAGS="-XX:AOTCacheOutput=$PWD/$out/kubectl-rouse.aot" "$out/kubectl-rouse" get --help >/dev/null 2>&1
[ -s "$out/kubectl-rouse.aot" ] || echo "no ahead-of-time cache was made; the command works, a little slower" >&2
du -sh "$out" | sed 's/\t.*/ in target\/kubectl-rouse; add it to your PATH, then: kubectl rouse --help/'
