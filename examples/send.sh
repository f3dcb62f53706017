#!/bin/sh
# Creates and sends PayTR payment links from a shop's back end: curl and openssl, nothing else.
#
#   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… examples/send.sh sms NB2Zlz3 05321234567
#   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… examples/send.sh email NB2Zlz3 musteri@example.com
#   … examples/send.sh create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567 --email musteri@example.com
#
# In scope: one message, signed (Standard Webhooks), sent, and asked for again where that is safe. Not in scope:
# remembering what was sent.
set -eu

tries=5
tries_of_a_link=3
longest_wait=30

fail() { printf '%s\n' "$1" >&2; exit "${2:-1}"; }
usage() {
  fail "usage: $0 sms|email LINK_ID RECIPIENT
       $0 create NAME PRICE --reference ORDER [--cell-phone NUMBER] [--email ADDRESS]
       PRICE in minor units: 1445 is 14.45" 2
}
quote() { printf %s "$1" | tr -d '[:cntrl:]' | sed 's/["\\]/\\&/g'; }
# HMAC by its definition (RFC 2104): `openssl -macopt` would show the secret to everyone who can list processes.
pad() { for byte in $key; do printf "\\$(printf %03o $((byte ^ $1)))"; done; }
hmac() { { pad 54; cat; } | openssl dgst -sha256 -binary | { pad 92; cat; } | openssl dgst -sha256 -binary; }
# Nothing but a relay says `detail`; a page of some other server has none. The fields to change stand right behind it.
detail() {
  found=$(sed -nE 's/^\{[^[{]*"detail":"(([^"\\]|\\.)*)"(,"errors":\[([^]]*)\])?.*/\1 \4/p' "$answer" |
    sed -E 's/,?\{"pointer":"([^"]*)","detail":"([^"]*)"\}/\1 \2. /g; s/\\(.)/\1/g; s/ +$//')
  printf %s "${found:-HTTP $status}"
}
says() { grep -q "\"$1\":$2" "$answer"; }

# Posts $body as $id until there is a final answer: $status and $replayed, and the file $answer. Asks again, with the
# same id, while there is none or its status is one of $again.
ask() {
  try=0
  while :; do
    try=$((try + 1))
    timestamp=$(date +%s)
    signature=$(printf %s "$id.$timestamp.$body" | hmac | openssl base64 -A)
    : > "$answer"
    # The status (000 if there was no answer, or only a part of one) and, if there are any, two of its headers.
    said=$(printf %s "$body" | curl -s --max-time 30 -o "$answer" \
      -w '%{http_code} %header{retry-after} %header{idempotency-replayed}' \
      -H 'content-type: application/json' -H "webhook-id: $id" -H "webhook-timestamp: $timestamp" \
      -H "webhook-signature: v1,$signature" --data-binary @- "${relay%/webhook}/webhook") || said='000  '
    status=${said%% *} wait=${said#* } replayed=${said##* }
    wait=${wait%% *}
    case " 000 $again " in *" $status "*) ;; *) return ;; esac
    [ "$try" -lt "$tries" ] || fail "No final answer from the relay after several tries. Asking again as $id is safe."
    case $wait in '' | *[!0-9]*) wait=$((1 << (try - 1))) ;; esac
    [ "$wait" -le "$longest_wait" ] || wait=$longest_wait
    sleep "$wait"
  done
}

# One id for one message, whatever happens on the way: with it the relay sends once however often it is asked.
send() {
  id=msg_$(openssl rand -hex 16)
  body=$(printf '{"type":"link.send_%s","data":{"id":"%s","%s":"%s"}}' "$1" "$(quote "$2")" "$field" "$(quote "$3")")
  again='409 503'
  ask
  { [ "$status" = 200 ] && says outcome '"sent"'; } || fail "$(detail)"
  printf 'Sent (%s).\n' "$id"
}

# The id comes from the order alone: whoever calls this twice asks for the same link. Where nobody knows whether PayTR
# made it, nobody has its address and it harms nobody, so the order's next id is taken. Those that ended so on an earlier
# run are replayed, and passed over.
create() {
  order=$(printf %s "$reference" | openssl dgst -sha256 -r | cut -c 1-32)
  recipients=${cell_phone:+,\"cell_phone\":\"$(quote "$cell_phone")\"}${email:+,\"email\":\"$(quote "$email")\"}
  body=$(printf '{"type":"link.create","data":{"name":"%s","price":%s,"reference":"%s"%s}}' "$(quote "$name")" "$price" \
    "$(quote "$reference")" "${recipients:+,\"send\":{${recipients#,}\}}")
  again='409 429 503'
  number=0 asked=0
  while :; do
    number=$((number + 1))
    id=order_${order}_$number
    ask
    [ "$status" != 200 ] || ! says outcome '"created"' || break
    [ "$replayed" = true ] || asked=$((asked + 1))
    { says code '"outcome-unknown"' && says resend_safe true && [ "$asked" -lt "$tries_of_a_link" ]; } || fail "$(detail)"
  done
  printf 'Created (%s).\n' "$id"
  link=$(sed -nE 's/.*"link":\{([^}]*)\}.*/,\1/p' "$answer")
  for member in id url callback_id; do
    printf '%s\n' "$link" | sed -nE "s/.*,\"$member\":\"([^\"]*)\".*/$member: \1/p"
  done
  sends=$(sed -E 's/\{"type":"link\.send_/\
&/g' "$answer" | sed -nE '
    /^\{"type":"link\.send_/ {
      s/^\{"type":"([^"]*)","outcome":"([^"]*)"/\1: \2|/
      s/^([^|]*)\|,"code":"([^"]*)"/\1 (\2)|/
      s/^([^|]*)\|.*"retry_after":([0-9]+).*/\1, ask again in \2 s|/
      s/\|.*//p
    }')
  [ -z "$sends" ] || printf '%s\n' "$sends"
  ! printf '%s\n' "$sends" | grep -qv -e ': sent$' -e '^$'
}

[ $# -ge 3 ] || usage
case $1 in
  create)
    name=$2 price=$3 reference='' cell_phone='' email=''
    shift 3
    while [ $# -gt 0 ]; do
      [ $# -gt 1 ] || usage
      case $1 in
        --reference) reference=$2 ;;
        --cell-phone) cell_phone=$2 ;;
        --email) email=$2 ;;
        *) usage ;;
      esac
      shift 2
    done
    case $price in '' | 0* | *[!0-9]*) usage ;; esac
    [ -n "$reference" ] || usage
    set -- create
    ;;
  sms) field=cell_phone ;;
  email) field=email ;;
  *) fail "The channel is sms or email." 2 ;;
esac
[ $# -eq 1 ] || [ $# -eq 3 ] || usage
: "${RELAY_URL:?is the address of the relay}" "${WEBHOOK_SECRET:?is the secret that the relay knows too}"
relay=${RELAY_URL%/}

key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tu1)
while [ "$(printf %s "$key" | wc -w)" -lt 64 ]; do key="$key 0"; done
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

case $1 in create) create ;; *) send "$@" ;; esac
