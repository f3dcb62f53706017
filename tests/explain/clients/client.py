"""Posts a signed message with Python's standard library, with one slip that people make in Python."""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

slip = sys.argv[1]
message = {"type": "link.send_sms", "data": {"id": "NB2Zlz3", "cell_phone": "0532 123 45 67"}}
if slip == "escaped letters":
    message = {"type": "link.send_email", "data": {"id": "NB2Zlz3", "email": "ayşe@example.com"}}
compact = json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()

webhook_id = "msg_python"
timestamp = time.time() if slip == "fraction" else int(time.time())
key = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
if slip == "secret as text":
    key = os.environ["WEBHOOK_SECRET"].encode()
# What is sent is compact, as httpx sends `json=`; what people sign is something else.
signed = {
    "json.dumps": lambda: json.dumps(message),
    "escaped letters": lambda: json.dumps(message, separators=(",", ":")),
    "sorted keys": lambda: json.dumps(message, separators=(",", ":"), sort_keys=True),
    "bytes in a text": lambda: f"{compact}",
    "dict in a text": lambda: f"{message}",
    "with a byte order mark": lambda: compact.decode().encode("utf-8-sig").decode(),
}.get(slip, compact.decode)()
mac = hmac.new(key, f"{webhook_id}.{timestamp}.{signed}".encode(), hashlib.sha256)
signature = mac.hexdigest() if slip == "hexdigest" else base64.b64encode(mac.digest()).decode()
headers = {
    "content-type": "application/json",
    "webhook-id": webhook_id,
    "webhook-timestamp": str(timestamp),
    "webhook-signature": f"v1,{signature}",
}
if slip == "headers swapped":
    headers["webhook-id"], headers["webhook-timestamp"] = str(timestamp), webhook_id
try:
    urlopen(Request(os.environ["RELAY_URL"] + "/webhook", compact, headers))
except HTTPError:
    pass  # It is never taken.
