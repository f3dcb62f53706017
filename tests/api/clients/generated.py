"""A shop that uses openapi-generator's Python client. It signs in urllib3's pool, over the very bytes that are sent."""

import base64
import hashlib
import hmac
import json
import sys
import time

import openapi_client
import urllib3
from openapi_client.models import (
    Create, CreateData, Delete, DeleteByCallbackId, DeleteData, Get, GetData, Message, NewProduct, Send,
)

url, secret, cell_phone = sys.argv[1:]
key = base64.b64decode(secret.removeprefix("whsec_"))


class Signing(urllib3.PoolManager):
    """Writes the headers of a request anew."""

    def request(self, method, url, *, body, headers, **more):
        now = str(int(time.time()))
        body = body.encode()
        signed = f"{headers['webhook-id']}.{now}.".encode() + body
        mac = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        headers = {**headers, "webhook-timestamp": now, "webhook-signature": f"v1,{mac}"}
        return super().request(method, url, body=body, headers=headers, **more)


client = openapi_client.ApiClient(openapi_client.Configuration(host=url))
client.rest_client.pool_manager = Signing()
shop = openapi_client.ShopApi(client)


def post(webhook_id, message):
    """What a call needs by its type; the pool writes what is right at the moment of sending."""
    answer = shop.send_message(webhook_id, "1", f"v1,{'A' * 43}=", Message(message))
    return answer.actual_instance


product = NewProduct(name="Order 1001", price=2550, send=Send(cell_phone=cell_phone))
created = post("py_1", Create(type="link.create", data=CreateData(product)))
callback_id = created.link.callback_id
found = post("py_2", Get(type="link.get", data=GetData(callback_id=callback_id)))
deleted = post("py_3", Delete(type="link.delete", data=DeleteData(DeleteByCallbackId(callback_id=callback_id))))
try:
    post("py_4", Get(type="link.get", data=GetData(callback_id="0" * 64)))
except openapi_client.ApiException as error:
    refused = json.loads(error.body)
print(json.dumps({
    "outcomes": [answer.outcome for answer in (created, found, deleted)],
    "sends": [send.outcome for send in created.sends],
    "refused": refused["code"],
}))
