#!/usr/bin/env bash
# Checks what the build needs and names everything that is missing, with the way to get it.
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
exit $missing
