"""Creates and sends PayTR payment links from a shop's back end: Python and the official `standardwebhooks`.

    pip install standardwebhooks==1.1.0
    RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… python3 examples/send.py sms NB2Zlz3 05321234567
    RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… python3 examples/send.py email NB2Zlz3 musteri@example.com
    … python3 examples/send.py create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567 --email musteri@example.com
        --expiry-date "2036-12-31 23:59:59"    until when it can be paid, in Istanbul time; the same for the same order

In scope: one message, signed, sent, and asked for again where that is safe. Not in scope: remembering what was sent.
"""

import argparse
import hashlib
import json
import os
import sys
import time
import uuid
from collections import namedtuple
from datetime import datetime, timezone
from http.client import HTTPException, IncompleteRead
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from standardwebhooks import Webhook

TRIES = 5
TRIES_OF_A_LINK = 3
LONGEST_WAIT_S = 30
LONGEST_LIMIT_S = 90  # The relay's own limit is a message a minute, unless SEND_LIMITS says otherwise.
MAX_ANSWER_BYTES = 1_048_576
FIELDS = {"sms": "cell_phone", "email": "email"}


class NotSent(Exception):
    """PayTR did not take the message or make the link, or nobody knows; the text says which."""


def send_link(channel, link_id, recipient, webhook_id=None):
    """Returns the message's id once PayTR has taken it; raises NotSent with the relay's `detail` otherwise.

    Keep the id with the order before you call: with the same id the relay sends once, however often it is asked.
    """
    webhook_id = webhook_id or f"msg_{uuid.uuid4()}"
    message = {"type": f"link.send_{channel}", "data": {"id": link_id, FIELDS[channel]: recipient}}
    answer = ask(webhook_id, message, again=(409, 503))
    if answer.json.get("outcome") == "sent":
        return webhook_id
    raise NotSent(why_not(answer))


def create_link(data):
    """Returns the relay's answer once the link exists, whatever became of its `sends`; raises NotSent otherwise.

    It has two members more: `is_replayed`, whether the answer was recorded by an earlier run, and `left_out`, the
    relay's `errors` of recipients that are none and whom the link was not sent to. `data` is that of `link.create`, with
    the order as its `reference`.

    The id comes from the order alone: a double click, a job that runs twice and a program that is started again all ask
    for the same link. The order's next id is taken where there is no link under this one: where nobody knows whether
    PayTR made it, since nobody has its address and it harms nobody, and where PayTR refused it on an earlier run, since
    its cause may be mended.
    """
    order = hashlib.sha256(data["reference"].encode()).hexdigest()[:32]
    send = {field: recipient for field, recipient in data.get("send", {}).items() if recipient}
    left_out = []
    number, asked = 1, 0
    while True:
        message = {"type": "link.create", "data": {**data, "send": send}}
        if not send:
            del message["data"]["send"]
        answer = ask(f"order_{order}_{number}", message, again=(409, 429, 503))
        code, errors = answer.json.get("code"), answer.json.get("errors", [])
        if answer.json.get("outcome") == "created":
            return {**answer.json, "is_replayed": answer.is_replayed, "left_out": left_out}
        bad = [error["pointer"].replace("/data/send/", "") for error in errors]
        if bad and all(field in send for field in bad):
            # The same id: the relay keeps nothing of a message whose fields it refuses.
            send = {field: recipient for field, recipient in send.items() if field not in bad}
            left_out += errors
            continue
        asked += not answer.is_replayed
        is_lost = code == "outcome-unknown" and answer.json.get("resend_safe") is True and asked < TRIES_OF_A_LINK
        was_refused = code == "paytr-rejected" and answer.is_replayed
        if not is_lost and not was_refused:
            raise NotSent("\n".join([why_not(answer), *how_to_go_on(code, data["reference"])]))
        number += 1


def how_to_go_on(code, reference):
    """What a person does about an order that has no link."""
    if code == "paytr-rejected":
        yield "Once the cause is mended, ask again for this order: its next id is taken by itself."
    if code == "webhook-id-reused":
        yield (
            "This order was asked for with other data before. Ask with the same, or delete that link and take another "
            f"reference, such as {reference}-2."
        )


def ask(webhook_id, message, again):
    """The first answer that is final. Asks again, with the same id, while there is none or its status is in `again`."""
    webhook = Webhook(os.environ["WEBHOOK_SECRET"])
    url = os.environ["RELAY_URL"].rstrip("/").removesuffix("/webhook") + "/webhook"
    body = json.dumps(message)
    for tried in range(1, TRIES + 1):
        # UTC: the library takes whatever time zone it is given for UTC.
        now = datetime.now(timezone.utc)
        headers = {
            "content-type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": webhook.sign(webhook_id, now, body),
        }
        answer = None
        try:
            answer = post(url, headers, body.encode())
        except URLError as unreachable:
            # A name or a port that is wrong is seen at once, not after all tries.
            if tried == 1:
                print(f"No answer from {url} yet ({unreachable.reason}); trying again.", file=sys.stderr)
        except (OSError, HTTPException):
            pass  # No answer, or only a part of one.
        if answer and answer.status not in again:
            return answer._replace(is_replayed=answer.is_replayed and tried == 1)
        if tried < TRIES:
            seconds = answer and answer.retry_after
            time.sleep(min(int(seconds or 2 ** (tried - 1)), LONGEST_WAIT_S))
    raise NotSent(f"No final answer from the relay after several tries. Asking again as {webhook_id} is safe.")


# `is_replayed` says that the answer was recorded before this call.
Answer = namedtuple("Answer", "status retry_after is_replayed json")


def post(url, headers, body):
    try:
        answer = urlopen(Request(url, body, headers, method="POST"), timeout=30)
    except HTTPError as error:
        answer = error  # An answer of any status is an answer.
    with answer:
        text = answer.read(MAX_ANSWER_BYTES)
        if answer.length and len(text) < MAX_ANSWER_BYTES:
            raise IncompleteRead(text)  # A read of so many bytes does not say so by itself.
        is_replayed = answer.headers.get("idempotency-replayed") == "true"
        return Answer(answer.status, answer.headers.get("retry-after"), is_replayed, parse(text))


def why_not(answer):
    sentences = [answer.json.get("detail", f"HTTP {answer.status}"), *map(sentence, answer.json.get("errors", []))]
    lines = [" ".join(sentences)]
    if reason := answer.json.get("paytr", {}).get("reason"):
        lines.append(f"PayTR's words: {reason}")
    if answer.is_replayed:
        lines.append("This answer was recorded earlier, and PayTR was not asked again.")
    return "\n".join(lines)


def sentence(error):
    return f"{error['pointer']} {error['detail']}."


def parse(text):
    """Nothing but a relay says `outcome` or `detail`; a page of some other server is an empty object."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def create(arguments):
    """Prints the link and what became of its sends; whether all of them were sent."""
    parser = argparse.ArgumentParser(prog="send.py create")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("price", metavar="PRICE", type=int, help="in minor units: 1445 is 14.45")
    parser.add_argument("--reference", metavar="ORDER", required=True)
    parser.add_argument("--expiry-date", metavar="TIME", help="until when it can be paid; the same for the same order")
    parser.add_argument("--cell-phone", metavar="NUMBER")
    parser.add_argument("--email", metavar="ADDRESS")
    given = parser.parse_args(arguments)
    recipients = {"cell_phone": given.cell_phone, "email": given.email}
    data = {"name": given.name, "price": given.price, "reference": given.reference, "send": recipients}
    if given.expiry_date is not None:
        data["expiry_date"] = given.expiry_date
    created = create_link(data)
    webhook_id, link = created["webhook_id"], created["link"]
    if created["is_replayed"]:
        print(f"Created earlier ({webhook_id}); a second link on purpose takes another --reference.")
    else:
        print(f"Created ({webhook_id}).")
    for member in ("id", "url", "callback_id"):
        if member in link:
            print(f"{member}: {link[member]}", flush=True)
    created = send_limited(data, created)
    sends = created.get("sends", [])
    for send in sends:
        code = f" ({send['code']})" if "code" in send else ""
        later = f", ask again in {send['retry_after']} s" if "retry_after" in send else ""
        why = f": {send['paytr']['reason']}" if "reason" in send.get("paytr", {}) else ""
        print(f"{send['type']}: {send['outcome']}{code}{later}{why}")
    for error in created["left_out"]:
        print(f"left out: {sentence(error)}")
    return all(send["outcome"] == "sent" for send in sends) and not created["left_out"]


def send_limited(data, created):
    """Has what was `limited` sent once its time has come, if that is soon. The same message sends nothing twice."""
    waits = [send["retry_after"] for send in created.get("sends", []) if "retry_after" in send]
    waits = [seconds for seconds in waits if seconds <= LONGEST_LIMIT_S]
    if not waits:
        return created
    print(f"The recipient has had a message not long ago; asking again in {max(waits)} s.", file=sys.stderr)
    time.sleep(max(waits))
    return create_link(data)


if __name__ == "__main__":
    is_create = sys.argv[1:2] == ["create"]
    is_send = len(sys.argv) == 4 and sys.argv[1] in FIELDS
    if not (is_create or is_send) or not {"RELAY_URL", "WEBHOOK_SECRET"} <= os.environ.keys():
        sys.exit("""usage: RELAY_URL=… WEBHOOK_SECRET=… send.py sms|email LINK_ID RECIPIENT
       … send.py create NAME PRICE --reference ORDER [--expiry-date TIME] [--cell-phone NUMBER] [--email ADDRESS]""")
    try:
        if is_create:
            sys.exit(0 if create(sys.argv[2:]) else 1)
        print(f"Sent ({send_link(*sys.argv[1:])}).")
    except NotSent as not_sent:
        sys.exit(str(not_sent))
