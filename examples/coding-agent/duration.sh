#!/usr/bin/env bash
# Reads and writes lengths of time.
#
#   duration.sh seconds 1h30m    prints 5400
#   duration.sh format 5400      prints 1h30m
#   duration.sh wait 3s          returns after three seconds
set -euo pipefail

units=(86400:d 3600:h 60:m 1:s)

seconds() {
  local rest=$1 total=0 unit
  if ! [[ $rest =~ ^([0-9]+[dhms])+$ ]]; then
    echo "duration.sh: '$1' is not a duration such as 1h30m" >&2
    return 2
  fi
  while [[ $rest =~ ^([0-9]+)([dhms])(.*)$ ]]; do
    rest=${BASH_REMATCH[3]}
    for unit in "${units[@]}"; do
      if [[ ${unit#*:} == "${BASH_REMATCH[2]}" ]]; then
        total=$((total + 10#${BASH_REMATCH[1]} * ${unit%:*}))
      fi
    done
  done
  echo "$total"
}

format() {
  local left=$1 text="" unit size
  for unit in "${units[@]}"; do
    size=${unit%:*}
    if (( left > size )); then
      text+="$((left / size))${unit#*:}"
      left=$((left % size))
    fi
  done
  echo "${text:-0s}"
}

case "${1-}" in
  seconds) seconds "$2" ;;
  format) format "$2" ;;
  wait) sleep "$(seconds "$2")" ;;
  *)
    echo "usage: duration.sh seconds|format|wait VALUE" >&2
    exit 2
    ;;
esac
