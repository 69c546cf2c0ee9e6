#!/usr/bin/env bash
# A session's whole life with curl: agent, environment, session, message, stream, approval, history,
# title, archive, delete. docs/from-curl.md explains each step.
#
#   ROUSE_SERVER=https://… ROUSE_KEY=… bash flow.sh
#
# ROUSE_SERVER_CA  a file with the server's CA certificate, where the public ones do not do
# MODEL            the model; scripted-careful, which the dev cluster has, if not set
#
# Needs bash 4.4, curl 7.76, coreutils, grep and sed.
set -euo pipefail

: "${ROUSE_SERVER:?set it to the address of the Rouse server}"
: "${ROUSE_KEY:?set it to an API key, or to a token: kubectl create token NAME --audience=rouse}"

api=(curl --fail-with-body --silent --show-error --no-buffer
  --header "authorization: Bearer $ROUSE_KEY" --header "content-type: application/json")
[ -z "${ROUSE_SERVER_CA-}" ] || api+=(--cacert "$ROUSE_SERVER_CA")

work=$(mktemp -d)
stream=
cleanup() {
  [ -z "$stream" ] || kill "$stream" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

# The first id of a kind in an answer. Ids begin with what they name: agent_, env_, sesn_, sevt_.
first() {
  local answer
  answer=$(cat)
  [[ $answer =~ \"($1_[0-9A-Za-z]+)\" ]] || {
    echo "no $1_… in: $answer" >&2
    return 1
  }
  echo "${BASH_REMATCH[1]}"
}

# Waits until the stream has told that the session rests for the Nth time.
rest() {
  local deadline=$((SECONDS + 120))
  until [ "$(grep -c '"type":"session.status_idle"' "$work/stream")" -ge "$1" ]; do
    [ $SECONDS -lt $deadline ] || {
      echo "the session does not come to rest; so far:" >&2
      cat "$work/stream" >&2
      return 1
    }
    sleep 0.2
  done
}

send() {
  "${api[@]}" "$ROUSE_SERVER/v1/sessions/$session/events" --data "{\"events\": [$1]}" > /dev/null
}

say() { echo "== $*"; }

agent=$("${api[@]}" "$ROUSE_SERVER/v1/agents" --data '{
  "name": "Publisher",
  "model": "'"${MODEL:-scripted-careful}"'",
  "system": "You write what you are told into note.txt. To publish it, copy it into public/ with bash.",
  "tools": [{
    "type": "agent_toolset_20260401",
    "configs": [{"name": "bash", "permission_policy": {"type": "always_ask"}}]
  }]
}' | first agent)
say "agent $agent"

environment=$("${api[@]}" "$ROUSE_SERVER/v1/environments" --data '{
  "name": "flow-'$$'",
  "config": {"type": "cloud", "networking": {"type": "unrestricted"}}
}' | first env)
say "environment $environment"

session=$("${api[@]}" "$ROUSE_SERVER/v1/sessions" --data '{
  "agent": "'"$agent"'",
  "environment_id": "'"$environment"'",
  "title": "A note"
}' | first sesn)
say "session $session"

# A stream tells what happens from its opening on, so it is opened before anything is sent.
touch "$work/stream"
"${api[@]}" "$ROUSE_SERVER/v1/sessions/$session/events/stream" > "$work/stream" &
stream=$!
until grep -q '^: connected' "$work/stream"; do
  kill -0 "$stream" # ends the script if the stream was refused
  sleep 0.1
done

send '{"type": "user.message", "content": [{"type": "text", "text": "Rouse asks before it publishes."}]}'
rest 1
call=$(sed -n 's/.*"event_ids":\["\(sevt_[^"]*\)".*/\1/p' "$work/stream" | tail -n 1)
say "the agent asks to be allowed $call"

send '{"type": "user.tool_confirmation", "tool_use_id": "'"$call"'", "result": "allow"}'
rest 2
say "what the agent said"
"${api[@]}" --get "$ROUSE_SERVER/v1/sessions/$session/events" \
  --data limit=1000 --data-urlencode 'types[]=agent.message' |
  grep -o '"text":"[^"]*"' | sed 's/^"text":"\(.*\)"$/   \1/'

"${api[@]}" "$ROUSE_SERVER/v1/sessions/$session" --data '{"title": "A published note"}' > /dev/null
"${api[@]}" --get "$ROUSE_SERVER/v1/sessions" --data "agent_id=$agent" | grep -q 'A published note'
say "listed under its new title"

"${api[@]}" --request POST "$ROUSE_SERVER/v1/sessions/$session/archive" > /dev/null
"${api[@]}" --request DELETE "$ROUSE_SERVER/v1/sessions/$session" > /dev/null
"${api[@]}" --request DELETE "$ROUSE_SERVER/v1/environments/$environment" > /dev/null
"${api[@]}" --request POST "$ROUSE_SERVER/v1/agents/$agent/archive" > /dev/null
say "session and environment deleted, agent archived"
