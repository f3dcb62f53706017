#!/bin/sh
# Posts a signed message with curl and openssl. The first argument is code that spoils what was right until then; what
# follows are further options of curl's.
set -eu
slip=$1
shift
body='{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"0532 123 45 67"}}'
id=msg_shell
timestamp=$(date +%s)
key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
text() { printf %s "$id.$timestamp.$body"; }
mac() { openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary; }
encoded() { openssl base64 -A; }
eval "$slip"
: "${signature=$(text | mac | encoded)}"
printf %s "$body" | curl -sS -o /dev/null "$@" -H 'content-type: application/json' -H "webhook-id: $id" \
  -H "webhook-timestamp: $timestamp" -H "webhook-signature: v1,$signature" -d @- "$RELAY_URL/webhook"
