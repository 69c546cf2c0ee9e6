#!/usr/bin/env bash
# Checks duration.sh beside it. Every run leaves a line in runs.log.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

echo "$(date -u +%FT%TZ) run $$" >> runs.log
passed=0 failed=0

check() {
  local what=$1 want=$2 got=$3
  if [[ $got == "$want" ]]; then
    passed=$((passed + 1))
    echo "ok - $what"
  else
    failed=$((failed + 1))
    echo "not ok - $what: want $want, got $got"
  fi
}

check "seconds 45s" 45 "$(bash duration.sh seconds 45s)"
check "seconds 1h30m" 5400 "$(bash duration.sh seconds 1h30m)"
check "seconds 1d08m" 86880 "$(bash duration.sh seconds 1d08m)"
check "seconds soon" "" "$(bash duration.sh seconds soon 2>/dev/null)"
check "format 0" 0s "$(bash duration.sh format 0)"
check "format 45" 45s "$(bash duration.sh format 45)"
check "format 60" 1m "$(bash duration.sh format 60)"
check "format 5400" 1h30m "$(bash duration.sh format 5400)"
check "format 86400" 1d "$(bash duration.sh format 86400)"

begin=$SECONDS
bash duration.sh wait 3s
check "wait 3s is not over too soon" yes "$([[ $((SECONDS - begin)) -ge 3 ]] && echo yes)"

echo "$passed passed, $failed failed"
((failed == 0))
