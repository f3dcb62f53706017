"""Receives the relay's events in a shop: Python and the official `standardwebhooks`.

    pip install standardwebhooks==1.1.0
    export EVENTS_SECRET=whsec_… SHOP_DB=shop.sqlite
    python3 examples/receive.py add 1001      an order that waits for its payment
    PORT=8791 python3 examples/receive.py     the endpoint, to try it; a server of your own takes `application` (WSGI)
    python3 examples/receive.py list          what is paid, and what a person must look at

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
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > MAX_BODY_BYTES:
        return "413 Content Too Large"
    # The bytes as they came: JSON that was parsed and written again is another text.
    body = environ["wsgi.input"].read(length)
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = {name: environ.get("HTTP_" + name.upper().replace("-", "_"), "") for name in names}
    try:
        if not any(is_signed(secret, body, headers) for secret in os.environ["EVENTS_SECRET"].split()):
            return "401 Unauthorized"
        store(headers["webhook-id"], json.loads(body))
        return "204 No Content"
    except Exception as error:  # Whatever it is, the event is not stored, and the relay is to come again.
        print(f"Event not stored: {error!r}", file=sys.stderr)
        return "500 Internal Server Error"


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
            paid = shop.execute("UPDATE orders SET state = 'paid' WHERE reference = ? AND state = 'open'", (reference,))
            if paid.rowcount == 0:
                # Money for an order that is unknown, cancelled, or paid already.
                shop.execute("UPDATE events SET review = 'no_open_order' WHERE webhook_id = ?", (webhook_id,))


def open_shop():
    """The shop's database. In a shop of your own `orders` is there already, and `events` lies beside it."""
    shop = sqlite3.connect(os.environ["SHOP_DB"], timeout=5)
    shop.execute("CREATE TABLE IF NOT EXISTS orders (reference TEXT PRIMARY KEY, state TEXT NOT NULL DEFAULT 'open')")
    shop.execute(
        "CREATE TABLE IF NOT EXISTS events"
        " (webhook_id TEXT PRIMARY KEY, reference TEXT, merchant_oid TEXT NOT NULL, review TEXT)"
    )
    return shop


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
    is_add = len(sys.argv) == 3 and sys.argv[1] == "add"
    if os.environ.get("SHOP_DB") and is_add:
        with closing(open_shop()) as shop, shop:
            shop.execute("INSERT INTO orders (reference) VALUES (?)", (sys.argv[2],))
    elif os.environ.get("SHOP_DB") and sys.argv[1:] == ["list"]:
        with closing(open_shop()) as shop:
            print_list(shop)
    elif os.environ.get("SHOP_DB") and os.environ.get("EVENTS_SECRET") and not sys.argv[1:]:
        serve()
    else:
        sys.exit("usage: SHOP_DB=… receive.py add REFERENCE|list; EVENTS_SECRET=… SHOP_DB=… PORT=… receive.py")
