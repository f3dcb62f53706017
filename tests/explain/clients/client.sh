#!/bin/sh
# Posts a signed message with curl and openssl, with one slip that people make in a shell. What follows the slip are
# further options of curl's.
set -eu
slip=$1
shift
body='{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"0532 123 45 67"}}'
id=msg_shell
timestamp=$(date +%s)
key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
mac() { openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" "$@"; }

signature=$(printf %s "$id.$timestamp.$body" | mac -binary | openssl base64 -A)
case $slip in
  echo) signature=$(echo "$id.$timestamp.$body" | mac -binary | openssl base64 -A) ;;
  hexadecimal) signature=$(printf %s "$id.$timestamp.$body" | mac | sed 's/.*= *//') ;;
  'key in hexadecimal') signature=$(printf %s "$id.$timestamp.$body" | openssl dgst -sha256 -hmac "$key" -binary | openssl base64 -A) ;;
  'clock read twice') timestamp=$((timestamp + 1)) ;;
  'clock wrong' )
    timestamp=$((timestamp - 10800))
    signature=$(printf %s "$id.$timestamp.$body" | mac -binary | openssl base64 -A)
    ;;
  'line end lost')
    # -d @- drops line ends; --data-binary @- keeps them.
    signature=$(printf '%s\n' "$id.$timestamp.$body" | mac -binary | openssl base64 -A)
    body="$body
"
    ;;
esac
printf %s "$body" | curl -sS -o /dev/null "$@" -H 'content-type: application/json' -H "webhook-id: $id" \
  -H "webhook-timestamp: $timestamp" -H "webhook-signature: v1,$signature" -d @- "$RELAY_URL/webhook"
