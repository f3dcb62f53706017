"""Sends a PayTR payment link from a shop's back end: Python and the official `standardwebhooks`.

    pip install standardwebhooks==1.1.0
    RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… python3 examples/send.py sms NB2Zlz3 05321234567
    RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… python3 examples/send.py email NB2Zlz3 musteri@example.com

In scope: one message, signed, sent, and asked for again where that is safe. Not in scope: making the link, and
remembering what was sent.
"""

import json
import os
import sys
import time
import uuid
from datetime import datetime, timezone
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from standardwebhooks import Webhook

TRIES = 5
LONGEST_WAIT_S = 30
FIELDS = {"sms": "cell_phone", "email": "email"}


class NotSent(Exception):
    """PayTR did not take the message, or nobody knows; the text says which."""


def send_link(channel, link_id, recipient, webhook_id=None):
    """Returns the message's id once PayTR has taken it; raises NotSent with the relay's `detail` otherwise.

    Keep the id with the order before you call: with the same id the relay sends once, however often it is asked.
    """
    webhook_id = webhook_id or f"msg_{uuid.uuid4()}"
    webhook = Webhook(os.environ["WEBHOOK_SECRET"])
    url = os.environ["RELAY_URL"].rstrip("/").removesuffix("/webhook") + "/webhook"
    body = json.dumps({"type": f"link.send_{channel}", "data": {"id": link_id, FIELDS[channel]: recipient}})
    for tried in range(1, TRIES + 1):
        # UTC: the library takes whatever time zone it is given for UTC.
        now = datetime.now(timezone.utc)
        headers = {
            "content-type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": webhook.sign(webhook_id, now, body),
        }
        status, seconds, answer = post(url, headers, body.encode())
        if answer.get("outcome") == "sent":
            return webhook_id
        if status not in (None, 409, 503):
            raise NotSent(why_not(status, answer))
        if tried < TRIES:
            time.sleep(min(int(seconds or 2 ** (tried - 1)), LONGEST_WAIT_S))
    raise NotSent(f"No final answer from the relay after several tries. Asking again as {webhook_id} is safe.")


def post(url, headers, body):
    """The status (None if there was no answer), the seconds of Retry-After, and the JSON."""
    try:
        try:
            answer = urlopen(Request(url, body, headers, method="POST"), timeout=30)
        except HTTPError as error:
            answer = error  # An answer of any status is an answer.
        with answer:
            return answer.status, answer.headers.get("retry-after"), parse(answer.read())
    except (OSError, HTTPException):
        return None, None, {}


def why_not(status, answer):
    errors = [f"{error['pointer']} {error['detail']}." for error in answer.get("errors", [])]
    return " ".join([answer.get("detail", f"HTTP {status}"), *errors])


def parse(text):
    """Nothing but a relay says `outcome` or `detail`; a page of some other server is an empty object."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in FIELDS or not {"RELAY_URL", "WEBHOOK_SECRET"} <= os.environ.keys():
        sys.exit("usage: RELAY_URL=… WEBHOOK_SECRET=… send.py sms|email LINK_ID RECIPIENT")
    try:
        print(f"Sent ({send_link(*sys.argv[1:])}).")
    except NotSent as not_sent:
        sys.exit(str(not_sent))
