"""Receives the relay's events in a shop: Python and the official `standardwebhooks`.

    pip install standardwebhooks==1.1.0
    export EVENTS_SECRET=whsec_… SHOP_DB=shop.sqlite
    python3 examples/receive.py add 1001 158000   an order of 1580.00 TL that waits for its payment
    PORT=8791 python3 examples/receive.py         the endpoint, to try it; a server of your own takes `application` (WSGI)
    python3 examples/receive.py list              what is paid, and what a person must look at

EVENTS_SECRET is what the relay has in EVENTS_SECRETS; while it is rotated, the old and the new one, separated by a blank.

In scope: the signature, each event once, the order's state. Not in scope: what follows from it. Mails and parcels are
slow and belong to a job that looks for paid orders: the relay waits 15 seconds for an answer.
"""

import json
import os
import sqlite3
import sys
from contextlib import closing
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

from standardwebhooks import Webhook, WebhookVerificationError

MAX_BODY_BYTES = 65536
TYPES = ("link.paid", "link.payment_review")


def application(environ, start_response):
    start_response(receive(environ), [("content-length", "0")])
    return [b""]


def receive(environ):
    """What a request is answered with: a status."""
    if environ["REQUEST_METHOD"] != "POST":
        return "405 Method Not Allowed"
    try:
        body = raw_body(environ)
    except ValueError:
        return "411 Length Required"
    if len(body) > MAX_BODY_BYTES:
        return "413 Content Too Large"
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = {name: environ.get("HTTP_" + name.upper().replace("-", "_"), "") for name in names}
    try:
        if not any(is_signed(secret, body, headers) for secret in os.environ["EVENTS_SECRET"].split()):
            print("Event refused: EVENTS_SECRET does not sign it, or not now.", file=sys.stderr)
            return "401 Unauthorized"
        store(headers["webhook-id"], json.loads(body))
        return "204 No Content"
    except Exception as error:  # Whatever it is, the event is not stored, and the relay is to come again.
        print(f"Event not stored: {error!r}", file=sys.stderr)
        return "500 Internal Server Error"


def raw_body(environ):
    """The bytes as they came, for JSON that was parsed and written again is another text; of what is too long a byte too
    many. Raises ValueError if nobody says where it ends.
    """
    stream, length = environ["wsgi.input"], environ.get("CONTENT_LENGTH")
    if length and length.isdecimal():
        return stream.read(min(int(length[:9]), MAX_BODY_BYTES + 1))
    if environ.get("wsgi.input_terminated"):
        return stream.read(MAX_BODY_BYTES + 1)
    if length or environ.get("HTTP_TRANSFER_ENCODING", "").lower() != "chunked":
        raise ValueError("no length")
    # In chunks (RFC 9112, section 7.1), which not every server puts together.
    body = b""
    while len(body) <= MAX_BODY_BYTES and (size := int(stream.readline(20), 16)) > 0:
        body += stream.read(min(size, MAX_BODY_BYTES + 1 - len(body)))
        stream.readline(2)
    if len(body) <= MAX_BODY_BYTES:
        stream.readline(2)
    return body


def is_signed(secret, body, headers):
    webhook = Webhook(secret)
    try:
        webhook.verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # The library says ValueError of what is no base64 or no UTF-8.
        return False
    return True


def store(webhook_id, event):
    """Takes an event once.

    The event and what it does to the order are one transaction: after a crash in between there is neither, and the
    relay comes again.
    """
    if event["type"] not in TYPES:
        return  # A type of a later relay.
    data = event["data"]
    reference = data.get("reference")
    review = None if event["type"] == "link.paid" else " ".join(data["reasons"])
    with closing(open_shop()) as shop, shop:
        is_new = shop.execute(
            "INSERT INTO events (webhook_id, reference, merchant_oid, review) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (webhook_id, reference, data["payment"]["merchant_oid"], review),
        ).rowcount
        if is_new and review is None:
            # That its link is paid does not say that the order is: the link may be of before the order changed.
            paid = shop.execute(
                "UPDATE orders SET state = 'paid' WHERE reference = ? AND state = 'open' AND price = ? AND currency = ?",
                (reference, data["link"]["price"], data["link"]["currency"]),
            )
            if paid.rowcount == 0:
                # Money for another total than the order's, or for an order that is unknown, cancelled, or paid already.
                open_order = "SELECT 1 FROM orders WHERE reference = ? AND state = 'open'"
                review = "other_total" if shop.execute(open_order, (reference,)).fetchone() else "no_open_order"
                shop.execute("UPDATE events SET review = ? WHERE webhook_id = ?", (review, webhook_id))


def open_shop():
    """The shop's database. In a shop of your own `orders` is there already, and `events` lies beside it.

    The relay's ids have 68 characters. `price` is in minor units, and `currency` is PayTR's word, which for the lira is
    TL.
    """
    shop = sqlite3.connect(os.environ["SHOP_DB"], timeout=5)
    shop.execute(
        "CREATE TABLE IF NOT EXISTS orders"
        " (reference VARCHAR(64) PRIMARY KEY, price BIGINT NOT NULL, currency CHAR(3) NOT NULL, state VARCHAR(9) NOT NULL)"
    )
    shop.execute(
        "CREATE TABLE IF NOT EXISTS events (webhook_id VARCHAR(68) PRIMARY KEY, reference VARCHAR(64),"
        " merchant_oid VARCHAR(64) NOT NULL, review VARCHAR(255))"
    )
    return shop


def add(reference, price, currency="TL"):
    """An order that waits for its payment."""
    insert = "INSERT INTO orders (reference, price, currency, state) VALUES (?, ?, ?, 'open')"
    with closing(open_shop()) as shop, shop:
        shop.execute(insert, (reference, int(price), "TL" if currency == "TRY" else currency))


def print_list(shop):
    """What the shop's staff sees."""
    for reference, state in shop.execute("SELECT reference, state FROM orders ORDER BY reference"):
        print(f"order {reference}: {state}")
    reviews = "SELECT reference, merchant_oid, review FROM events WHERE review IS NOT NULL ORDER BY webhook_id"
    for reference, merchant_oid, review in shop.execute(reviews):
        print(f"needs review: order {reference or 'unknown'}, payment {merchant_oid}: {review}")


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def serve():
    for secret in os.environ["EVENTS_SECRET"].split():
        Webhook(secret)  # Says at once if it is none.
    with make_server("127.0.0.1", int(os.environ.get("PORT", "8791")), application, ThreadingServer) as server:
        print(f"Events are taken at http://127.0.0.1:{server.server_port}/", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    command, *order = sys.argv[1:] or [None]
    if os.environ.get("SHOP_DB") and command == "add" and len(order) in (2, 3) and order[1].isdecimal():
        add(*order)
    elif os.environ.get("SHOP_DB") and command == "list":
        with closing(open_shop()) as shop:
            print_list(shop)
    elif os.environ.get("SHOP_DB") and os.environ.get("EVENTS_SECRET") and command is None:
        serve()
    else:
        sys.exit("""usage: SHOP_DB=… receive.py add REFERENCE PRICE [CURRENCY]|list
       EVENTS_SECRET=… SHOP_DB=… PORT=… receive.py
       PRICE in minor units: 1445 is 14.45""")
