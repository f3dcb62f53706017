"""What schemathesis has to know of the relay: how a request is signed, and which answer it is due.

In scope: signing what was generated, judging each answer by what was really sent, and a record of every call. Not in
scope: generating, and whether an answer is of the documented shape; schemathesis does both.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import time

import jsonschema_rs
import schemathesis
import yaml
from hypothesis import strategies as st

MAX_BODY_BYTES = 16 * 1024
MAX_ID_CHARS = 256

with open(os.environ["OPENAPI"], encoding="utf-8") as file:
    DOCUMENT = yaml.safe_load(file)
COMPONENTS = DOCUMENT["components"]
MESSAGE = jsonschema_rs.Draft202012Validator({"$ref": "#/components/schemas/Message", "components": COMPONENTS})
KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
CALLS = open(os.environ["CALLS"], "w", encoding="utf-8", buffering=1)
# What each webhook-id stands for, and those that were answered as sent.
BODIES = {}
SENT = set()
V1 = re.compile(r"(?<![^ ])v1,[A-Za-z0-9+/]{43}=")


def grammar(parameter):
    """The documented grammar of a header, as a test of its value."""
    schema = parameter["schema"]
    if "$ref" in schema:
        schema = COMPONENTS["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return jsonschema_rs.Draft202012Validator(schema).is_valid


GRAMMARS = {
    COMPONENTS["parameters"][name]["name"]: grammar(COMPONENTS["parameters"][name])
    for name in ("WebhookId", "WebhookTimestamp", "WebhookSignature")
}


ENTRY = st.from_regex(r"[!-~]*[!-+\--~]", fullmatch=True)
RIGHT = st.from_regex(r"v1,[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=", fullmatch=True)
OTHERS = st.lists(ENTRY, max_size=7)
schemathesis.openapi.format(
    "webhook-signature", st.builds(lambda before, right, after: " ".join([*before, right, *after]), OTHERS, RIGHT, OTHERS)
)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    # Without help, schemathesis makes no header that needs other characters than letters and digits.
    raw_schema["components"]["parameters"]["WebhookSignature"]["schema"]["format"] = "webhook-signature"


def text(header):
    """A header as the relay reads it: without the blanks around it."""
    return header.decode("latin-1").strip() if isinstance(header, bytes) else header and header.strip()


def is_well_formed(request, name):
    value = text(request.headers.get(name))
    return value is not None and GRAMMARS[name](value)


def body_of(request):
    body = request.body or b""
    return body.encode() if isinstance(body, str) else body


def whole(value):
    """Whole numbers without a fraction: JSON Schema takes 5.0 for an integer, and the relay does not."""
    if isinstance(value, dict):
        return {name: whole(member) for name, member in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@schemathesis.hook
def map_body(context, body):
    return whole(body)


def fresh(message_id, body):
    """The id itself, unless it stands for another message already: then a new one, made of it."""
    while BODIES.setdefault(message_id, body) != body:
        message_id = f"{len(BODIES)}-{message_id}"[:MAX_ID_CHARS]
    return message_id


def sign(request):
    """Makes well-formed headers right: the time is now, the signature covers what is sent. Malformed ones stay."""
    headers, body = request.headers, body_of(request)
    if is_well_formed(request, "webhook-id"):
        headers["webhook-id"] = fresh(text(headers["webhook-id"]), body)
    if is_well_formed(request, "webhook-timestamp"):
        headers["webhook-timestamp"] = str(int(time.time()))
    if is_well_formed(request, "webhook-signature"):
        message_id, timestamp = (text(headers.get(name)) or "" for name in ("webhook-id", "webhook-timestamp"))
        content = b".".join([message_id.encode("latin-1"), timestamp.encode("latin-1"), body])
        right = "v1," + base64.b64encode(hmac.digest(KEY, content, hashlib.sha256)).decode()
        headers["webhook-signature"] = V1.sub(right, text(headers["webhook-signature"]), count=1)
    return request


@schemathesis.hook
def before_call(context, case, kwargs):
    # Called by requests with the request as it goes out: those bytes are signed.
    kwargs["auth"] = sign


def due(request):
    """The statuses that the document has for this request, in the order of the relay's checks."""
    if request.headers.get("content-type") != "application/json":
        return {415}
    body = body_of(request)
    if len(body) > MAX_BODY_BYTES:
        return {413}
    if not all(is_well_formed(request, name) for name in GRAMMARS):
        return {401}
    try:
        message = json.loads(body)
    except ValueError:
        return {400}
    return {200} if MESSAGE.is_valid(message) else {400, 422}


@schemathesis.check
def is_the_answer_due(ctx, response, case):
    """The relay takes what the document's schemas take and nothing else, and names the fault that there is."""
    request = response.request
    if (request.method, case.path) != ("POST", "/webhook"):
        return
    statuses = due(request)
    assert response.status_code in statuses, f"{response.status_code}, and due was {sorted(statuses)}"
    if response.status_code == 200 and response.json()["outcome"] == "sent":
        message_id = text(request.headers["webhook-id"])
        assert response.json()["webhook_id"] == message_id
        assert ("idempotency-replayed" in response.headers) == (message_id in SENT)
        SENT.add(message_id)


@schemathesis.hook
def after_call(context, case, response):
    answer = response.json() if response.content else {}
    call = {
        "call": f"{response.request.method} {case.path}",
        "mode": case.meta.generation.mode.value,
        "status": response.status_code,
        "word": answer.get("code") or answer.get("outcome") or answer.get("status"),
        "replayed": "idempotency-replayed" in response.headers,
    }
    CALLS.write(json.dumps(call) + "\n")
