#!/bin/sh
# Sends a PayTR payment link from a shop's back end: curl and openssl, nothing else.
#
#   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… examples/send.sh sms NB2Zlz3 05321234567
#   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… examples/send.sh email NB2Zlz3 musteri@example.com
#
# In scope: one message, signed (Standard Webhooks), sent, and asked for again where that is safe. Not in scope: making
# the link, and remembering what was sent.
set -eu

tries=5
longest_wait=30

fail() { printf '%s\n' "$1" >&2; exit "${2:-1}"; }
quote() { printf %s "$1" | tr -d '[:cntrl:]' | sed 's/["\\]/\\&/g'; }
# HMAC by its definition (RFC 2104): `openssl -macopt` would show the secret to everyone who can list processes.
pad() { for byte in $key; do printf "\\$(printf %03o $((byte ^ $1)))"; done; }
hmac() { { pad 54; cat; } | openssl dgst -sha256 -binary | { pad 92; cat; } | openssl dgst -sha256 -binary; }
# Nothing but a relay says `detail`; a page of some other server has none. The fields to change stand right behind it.
detail() {
  found=$(sed -nE 's/^\{[^[{]*"detail":"(([^"\\]|\\.)*)"(,"errors":\[([^]]*)\])?.*/\1 \4/p' "$answer" |
    sed -E 's/,?\{"pointer":"([^"]*)","detail":"([^"]*)"\}/\1 \2. /g; s/\\(.)/\1/g; s/ +$//')
  printf %s "${found:-HTTP ${said%% *}}"
}

[ $# -eq 3 ] || fail "usage: $0 sms|email LINK_ID RECIPIENT" 2
case $1 in sms) field=cell_phone ;; email) field=email ;; *) fail "The channel is sms or email." 2 ;; esac
: "${RELAY_URL:?is the address of the relay}" "${WEBHOOK_SECRET:?is the secret that the relay knows too}"
relay=${RELAY_URL%/}

key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tu1)
while [ "$(printf %s "$key" | wc -w)" -lt 64 ]; do key="$key 0"; done

# One id for one message, whatever happens on the way: with it the relay sends once however often it is asked.
id=msg_$(openssl rand -hex 16)
body=$(printf '{"type":"link.send_%s","data":{"id":"%s","%s":"%s"}}' "$1" "$(quote "$2")" "$field" "$(quote "$3")")
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

try=0
while :; do
  try=$((try + 1))
  timestamp=$(date +%s)
  signature=$(printf %s "$id.$timestamp.$body" | hmac | openssl base64 -A)
  : > "$answer"
  # The status (000 if there was no answer, or only a part of one) and, if there are any, the seconds of Retry-After.
  said=$(printf %s "$body" | curl -s --max-time 30 -o "$answer" -w '%{http_code} %header{retry-after}' \
    -H 'content-type: application/json' -H "webhook-id: $id" -H "webhook-timestamp: $timestamp" \
    -H "webhook-signature: v1,$signature" --data-binary @- "${relay%/webhook}/webhook") || said='000 '
  wait=${said#* }
  [ "${said%% *}" != 200 ] || ! grep -q '"outcome":"sent"' "$answer" || { printf 'Sent (%s).\n' "$id"; exit; }
  case ${said%% *} in
    000 | 409 | 503) ;;
    *) fail "$(detail)" ;;
  esac
  [ "$try" -lt "$tries" ] || fail "No final answer from the relay after several tries. Asking again as $id is safe."
  case $wait in '' | *[!0-9]*) wait=$((1 << (try - 1))) ;; esac
  [ "$wait" -le "$longest_wait" ] || wait=$longest_wait
  sleep "$wait"
done
