#!/usr/bin/env bash
# Checks what the build needs and names everything that is missing, with the way to get it.
# With "test": what the tests need besides.
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
exit $missing
