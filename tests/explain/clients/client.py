"""Posts a signed message with Python's standard library. The argument is code that spoils what was right until then."""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def compact(message, **more):
    return json.dumps(message, separators=(",", ":"), **more)


message = {"type": "link.send_sms", "data": {"id": "NB2Zlz3", "cell_phone": "0532 123 45 67"}}
secret = os.environ["WEBHOOK_SECRET"]
webhook_id = "msg_python"
timestamp = int(time.time())
key = base64.b64decode(secret.removeprefix("whsec_"))
# What is sent is compact, as httpx sends `json=`; what people sign is something else.
sent = signed = compact(message)
text = "{webhook_id}.{timestamp}.{signed}"
write = lambda mac: base64.b64encode(mac.digest()).decode()
exec(sys.argv[1])
mac = hmac.new(key, text.format(**globals()).encode(), hashlib.sha256)
headers = {
    "content-type": "application/json",
    "webhook-id": str(webhook_id),
    "webhook-timestamp": str(timestamp),
    "webhook-signature": f"v1,{write(mac)}",
}
try:
    urlopen(Request(os.environ["RELAY_URL"] + "/webhook", sent.encode(), headers))
except HTTPError:
    pass  # It is never taken.
