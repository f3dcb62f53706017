"""A shop that uses the client made by openapi-python-client. It signs in a hook, over the very bytes that are sent."""

import base64
import hashlib
import hmac
import json
import sys
import time

from paytr_link_relay_client import Client
from paytr_link_relay_client.api.shop import send_message
from paytr_link_relay_client.models import (
    Create, Created, Delete, DeleteByCallbackId, Get, GetData, NewProduct, Problem, SendType0,
)

url, secret, cell_phone = sys.argv[1:]
key = base64.b64decode(secret.removeprefix("whsec_"))


def sign(request):
    """Writes the headers of a request anew."""
    now = str(int(time.time()))
    signed = f"{request.headers['webhook-id']}.{now}.".encode() + request.read()
    mac = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    request.headers.update({"webhook-timestamp": now, "webhook-signature": f"v1,{mac}"})


client = Client(base_url=url, httpx_args={"event_hooks": {"request": [sign]}})


def post(webhook_id, message):
    return send_message.sync(
        client=client, body=message, webhook_id=webhook_id, webhook_timestamp="0", webhook_signature="",
    )


product = NewProduct(name="Order 1001", price=2550, send=SendType0(cell_phone=cell_phone))
created = post("py_1", Create(type_="link.create", data=product))
assert isinstance(created, Created), created
callback_id = created.link.callback_id
found = post("py_2", Get(type_="link.get", data=GetData(callback_id=callback_id)))
deleted = post("py_3", Delete(type_="link.delete", data=DeleteByCallbackId(callback_id=callback_id)))
refused = post("py_4", Get(type_="link.get", data=GetData(callback_id="0" * 64)))
assert isinstance(refused, Problem), refused
print(json.dumps({
    "outcomes": [answer.outcome for answer in (created, found, deleted)],
    "sends": [send.outcome for send in created.sends],
    "refused": refused.code if hasattr(refused, "code") else refused["code"],
}))
