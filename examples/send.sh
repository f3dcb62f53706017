#!/bin/sh
# Creates and sends PayTR payment links from a shop's back end: curl and openssl, nothing else.
#
#   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… examples/send.sh sms NB2Zlz3 05321234567
#   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… examples/send.sh email NB2Zlz3 musteri@example.com
#   … examples/send.sh create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567 --email musteri@example.com
#       --expiry-date "2036-12-31 23:59:59"    until when it can be paid, in Istanbul time; the same for the same order
#
# In scope: one message, signed (Standard Webhooks), sent, and asked for again where that is safe. Not in scope:
# remembering what was sent.
set -eu
# Bytes are bytes: in a locale of eight bits `tr` takes parts of Turkish letters for control characters.
export LC_ALL=C

tries=5
tries_of_a_link=3
longest_wait=30
# The relay's own limit is a message a minute, unless SEND_LIMITS says otherwise.
longest_limit=90
# In blocks of 512 bytes. No relay's answer is longer, and what is longer is not read.
longest_answer=2048

fail() { printf '%s\n' "$1" >&2; exit "${2:-1}"; }
usage() {
  fail "usage: $0 sms|email LINK_ID RECIPIENT
       $0 create NAME PRICE --reference ORDER [--expiry-date TIME] [--cell-phone NUMBER] [--email ADDRESS]
       PRICE in minor units: 1445 is 14.45" 2
}
quote() { printf %s "$1" | tr -d '[:cntrl:]' | sed 's/["\\]/\\&/g'; }
# HMAC by its definition (RFC 2104): `openssl -macopt` would show the secret to everyone who can list processes.
pad() { for byte in $key; do printf "\\$(printf %03o $((byte ^ $1)))"; done; }
hmac() { { pad 54; cat; } | openssl dgst -sha256 -binary | { pad 92; cat; } | openssl dgst -sha256 -binary; }
# Nothing but a relay says `detail`; a page of some other server has none. The fields to change stand right behind it.
errors() { sed -nE 's/^\{[^[{]*"errors":\[([^]]*)\].*/\1/p' "$answer"; }
sentences() { sed -E 's/,?\{"pointer":"([^"]*)","detail":"([^"]*)"\}/\1 \2. /g; s/\\(.)/\1/g; s/ +$//'; }
detail() {
  found=$(sed -nE 's/^\{[^[{]*"detail":"(([^"\\]|\\.)*)".*/\1/p' "$answer" | sed -E 's/\\(.)/\1/g')
  printf %s "${found:-HTTP $status}"
  errors | sentences | sed 's/^/ /'
}
reason() { sed -nE 's/.*"paytr":\{[^{}]*"reason":"(([^"\\]|\\.)*)".*/\1/p' "$answer" | sed -E 's/\\(.)/\1/g'; }
why_not() {
  printf '%s\n' "$(detail)"
  words=$(reason)
  [ -z "$words" ] || printf '%s\n' "PayTR's words: $words"
  [ "$replayed" != true ] || echo 'This answer was recorded earlier, and PayTR was not asked again.'
}
says() { grep -q "\"$1\":$2" "$answer"; }

# Posts $body as $id until there is a final answer: $status and $replayed, which is whether it was recorded before this
# call, and the file $answer. Asks again, with the same id, while there is none or its status is one of $again.
ask() {
  try=0
  while :; do
    try=$((try + 1))
    timestamp=$(date +%s)
    signature=$(printf %s "$id.$timestamp.$body" | hmac | openssl base64 -A)
    : > "$answer"
    ended=0
    # The status (000 if there was no answer, or only a part of one) and, if there are any, two of its headers.
    said=$(trap '' XFSZ && ulimit -f "$longest_answer" && printf %s "$body" | curl -sS --max-time 30 -o "$answer" \
      -w '%{http_code} %header{retry-after} %header{idempotency-replayed}' \
      -H 'content-type: application/json' -H "webhook-id: $id" -H "webhook-timestamp: $timestamp" \
      -H "webhook-signature: v1,$signature" --data-binary @- "$url" 2> "$answer.why") || ended=$?
    [ "$ended" = 0 ] || said='000  '
    # curl's numbers for no address, no connection and no TLS: seen at once, not after all tries.
    case "$try $ended" in
      '1 6' | '1 7' | '1 35' | '1 60')
        printf 'No answer from %s yet (%s); trying again.\n' "$url" "$(cat "$answer.why")" >&2 ;;
    esac
    status=${said%% *} wait=${said#* } replayed=${said##* }
    wait=${wait%% *}
    [ "$try" = 1 ] || replayed=
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
  { [ "$status" = 200 ] && says outcome '"sent"'; } || fail "$(why_not)"
  printf 'Sent (%s).\n' "$id"
}

# The id comes from the order alone: whoever calls this twice asks for the same link. The order's next id is taken where
# there is no link under this one: where nobody knows whether PayTR made it, since nobody has its address and it harms
# nobody, and where PayTR refused it on an earlier run, since its cause may be mended.
ask_for_link() {
  order=$(printf %s "$reference" | openssl dgst -sha256 -r | cut -c 1-32)
  again='409 429 503'
  number=1 asked=0
  while :; do
    recipients=${cell_phone:+,\"cell_phone\":\"$(quote "$cell_phone")\"}${email:+,\"email\":\"$(quote "$email")\"}
    body=$(printf '{"type":"link.create","data":{"name":"%s","price":%s,"reference":"%s"%s%s}}' "$(quote "$name")" "$price" \
      "$(quote "$reference")" "$expiry" "${recipients:+,\"send\":{${recipients#,}\}}")
    id=order_${order}_$number
    ask
    [ "$status" != 200 ] || ! says outcome '"created"' || return 0
    ! leave_out || continue
    [ "$replayed" = true ] || asked=$((asked + 1))
    if says code '"outcome-unknown"' && says resend_safe true && [ "$asked" -lt "$tries_of_a_link" ]; then :
    elif says code '"paytr-rejected"' && [ "$replayed" = true ]; then :
    elif says code '"paytr-rejected"'; then
      fail "$(why_not)
Once the cause is mended, ask again for this order: its next id is taken by itself."
    elif says code '"webhook-id-reused"'; then
      fail "$(why_not)
This order was asked for with other data before. Ask with the same, or delete that link and take another \
reference, such as $reference-2."
    else fail "$(why_not)"
    fi
    number=$((number + 1))
  done
}

# Leaves out who is no recipient, if the relay refuses nothing else. The same id goes on: the relay keeps nothing of a
# message whose fields it refuses.
leave_out() {
  pointers=$(errors | sed -E 's/\{"pointer":"([^"]*)","detail":"[^"]*"\},?/\1 /g')
  [ -n "$pointers" ] || return 1
  for pointer in $pointers; do
    case $pointer in
      /data/send/cell_phone) [ -n "$cell_phone" ] || return 1 ;;
      /data/send/email) [ -n "$email" ] || return 1 ;;
      *) return 1 ;;
    esac
  done
  left_out="$left_out${left_out:+
}$(errors | sed -E 's/\},\{/}\
{/g' | sentences | sed 's/^/left out: /')"
  for pointer in $pointers; do
    case $pointer in *cell_phone) cell_phone='' ;; *) email='' ;; esac
  done
}

# What became of the sends, line by line.
sends() {
  sed -E 's/\{"type":"link\.send_/\
&/g' "$answer" | sed -nE '
    /^\{"type":"link\.send_/ {
      s/^\{"type":"([^"]*)","outcome":"([^"]*)"/\1: \2|/
      s/^([^|]*)\|,"code":"([^"]*)"/\1 (\2)|/
      s/^([^|]*)\|.*"retry_after":([0-9]+).*/\1, ask again in \2 s|/
      s/^([^|]*)\|.*"paytr":\{[^{}]*"reason":"(([^"\\]|\\.)*)".*/\1: \2/
      s/^([^:|]*: [^:|]*)\|.*/\1/
      s/\\(.)/\1/g
      p
    }'
}

create() {
  ask_for_link
  if [ "$replayed" = true ]; then
    printf 'Created earlier (%s); a second link on purpose takes another --reference.\n' "$id"
  else
    printf 'Created (%s).\n' "$id"
  fi
  link=$(sed -nE 's/.*"link":\{([^}]*)\}.*/,\1/p' "$answer")
  for member in id url callback_id; do
    printf '%s\n' "$link" | sed -nE "s/.*,\"$member\":\"([^\"]*)\".*/$member: \1/p"
  done
  # What was limited is sent once its time has come, if that is soon. The same message sends nothing twice.
  limit=0
  for seconds in $(sends | sed -nE 's/.*, ask again in ([0-9]+) s$/\1/p'); do
    [ "$seconds" -gt "$longest_limit" ] || [ "$seconds" -le "$limit" ] || limit=$seconds
  done
  if [ "$limit" -gt 0 ]; then
    printf 'The recipient has had a message not long ago; asking again in %s s.\n' "$limit" >&2
    sleep "$limit"
    ask_for_link
  fi
  lines=$(sends)
  [ -z "$lines" ] || printf '%s\n' "$lines"
  [ -z "$left_out" ] || printf '%s\n' "$left_out"
  [ -z "$left_out" ] && ! printf '%s\n' "$lines" | grep -qv -e '^link\.send_[a-z]*: sent$' -e '^$'
}

[ $# -ge 3 ] || usage
case $1 in
  create)
    name=$2 price=$3 reference='' expiry='' cell_phone='' email='' left_out=''
    shift 3
    while [ $# -gt 0 ]; do
      [ $# -gt 1 ] || usage
      case $1 in
        --reference) reference=$2 ;;
        --expiry-date) expiry=",\"expiry_date\":\"$(quote "$2")\"" ;;
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
url=${RELAY_URL%/}
url=${url%/webhook}/webhook

key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tu1)
while [ "$(printf %s "$key" | wc -w)" -lt 64 ]; do key="$key 0"; done
answer=$(mktemp)
trap 'rm -f "$answer" "$answer.why"' EXIT

case $1 in create) create ;; *) send "$@" ;; esac
