"""Creates and sends PayTR payment links from a shop's back end: Python and the official `standardwebhooks`.

    pip install standardwebhooks==1.1.0
    RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… python3 examples/send.py sms NB2Zlz3 05321234567
    RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… python3 examples/send.py email NB2Zlz3 musteri@example.com
    … python3 examples/send.py create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567 --email musteri@example.com

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
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from standardwebhooks import Webhook

TRIES = 5
TRIES_OF_A_LINK = 3
LONGEST_WAIT_S = 30
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

    `data` is that of `link.create`, with the order as its `reference`. The id comes from the order alone: a double
    click, a job that runs twice and a program that is started again all ask for the same link. Where nobody knows
    whether PayTR made it, nobody has its address and it harms nobody, so the order's next id is taken. Those that ended
    so on an earlier run are replayed, and passed over.
    """
    order = hashlib.sha256(data["reference"].encode()).hexdigest()[:32]
    number = asked = 0
    while True:
        number += 1
        answer = ask(f"order_{order}_{number}", {"type": "link.create", "data": data}, again=(409, 429, 503))
        if answer.json.get("outcome") == "created":
            return answer.json
        asked += not answer.replayed
        is_harmless = answer.json.get("code") == "outcome-unknown" and answer.json.get("resend_safe") is True
        if not is_harmless or asked == TRIES_OF_A_LINK:
            raise NotSent(why_not(answer))


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
        answer = post(url, headers, body.encode())
        if answer and answer.status not in again:
            return answer
        if tried < TRIES:
            seconds = answer and answer.retry_after
            time.sleep(min(int(seconds or 2 ** (tried - 1)), LONGEST_WAIT_S))
    raise NotSent(f"No final answer from the relay after several tries. Asking again as {webhook_id} is safe.")


Answer = namedtuple("Answer", "status retry_after replayed json")


def post(url, headers, body):
    """None if there was no answer, or only a part of one."""
    try:
        try:
            answer = urlopen(Request(url, body, headers, method="POST"), timeout=30)
        except HTTPError as error:
            answer = error  # An answer of any status is an answer.
        with answer:
            replayed = answer.headers.get("idempotency-replayed") == "true"
            return Answer(answer.status, answer.headers.get("retry-after"), replayed, parse(answer.read()))
    except (OSError, HTTPException):
        return None


def why_not(answer):
    errors = [f"{error['pointer']} {error['detail']}." for error in answer.json.get("errors", [])]
    return " ".join([answer.json.get("detail", f"HTTP {answer.status}"), *errors])


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
    parser.add_argument("--cell-phone", metavar="NUMBER")
    parser.add_argument("--email", metavar="ADDRESS")
    given = parser.parse_args(arguments)
    data = {"name": given.name, "price": given.price, "reference": given.reference}
    recipients = {"cell_phone": given.cell_phone, "email": given.email}
    if send := {field: recipient for field, recipient in recipients.items() if recipient}:
        data["send"] = send
    created = create_link(data)
    print(f"Created ({created['webhook_id']}).")
    for member in ("id", "url", "callback_id"):
        if member in created["link"]:
            print(f"{member}: {created['link'][member]}")
    sends = created.get("sends", [])
    for send in sends:
        code = f" ({send['code']})" if "code" in send else ""
        later = f", ask again in {send['retry_after']} s" if "retry_after" in send else ""
        print(f"{send['type']}: {send['outcome']}{code}{later}")
    return all(send["outcome"] == "sent" for send in sends)


if __name__ == "__main__":
    is_create = sys.argv[1:2] == ["create"]
    is_send = len(sys.argv) == 4 and sys.argv[1] in FIELDS
    if not (is_create or is_send) or not {"RELAY_URL", "WEBHOOK_SECRET"} <= os.environ.keys():
        sys.exit("""usage: RELAY_URL=… WEBHOOK_SECRET=… send.py sms|email LINK_ID RECIPIENT
       … send.py create NAME PRICE --reference ORDER [--cell-phone NUMBER] [--email ADDRESS]""")
    try:
        if is_create:
            sys.exit(0 if create(sys.argv[2:]) else 1)
        print(f"Sent ({send_link(*sys.argv[1:])}).")
    except NotSent as not_sent:
        sys.exit(str(not_sent))
