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
import requests
import schemathesis
import yaml
from hypothesis import strategies as st

MAX_BODY_BYTES = 16 * 1024

with open(os.environ["OPENAPI"], encoding="utf-8") as file:
    DOCUMENT = yaml.safe_load(file)
COMPONENTS = DOCUMENT["components"]
KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
CALLS = open(os.environ["CALLS"], "w", encoding="utf-8", buffering=1)
# What each webhook-id stands for, and those that were answered as sent.
BODIES = {}
SENT = set()
V1 = re.compile(r"(?<![^ ])v1,[A-Za-z0-9+/]{43}=")


def validator(schema):
    return jsonschema_rs.Draft202012Validator({**schema, "components": COMPONENTS})


MESSAGE = validator({"$ref": "#/components/schemas/Message"})
# The documented grammar of each header, as a test of its value.
GRAMMARS = {
    COMPONENTS["parameters"][name]["name"]: validator(COMPONENTS["parameters"][name]["schema"]).is_valid
    for name in ("WebhookId", "WebhookTimestamp", "WebhookSignature")
}


def matches(pattern):
    return st.from_regex(pattern, fullmatch=True)


# By itself schemathesis makes no header with other characters than letters and digits. Each strategy is drawn from the
# documented pattern; what breaks the rest of its schema schemathesis leaves out.
ID_PATTERN, ID_LENGTH = (COMPONENTS["schemas"]["WebhookId"][name] for name in ("pattern", "maxLength"))
OTHER_ENTRIES = st.lists(matches(r"[!-~]*[!-+\--~]"), max_size=7)
V1_ENTRY = matches(r"v1,[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
STRATEGIES = {
    "webhook-id": matches(ID_PATTERN) | matches(ID_PATTERN).map(lambda text: (text * ID_LENGTH)[:ID_LENGTH]),
    "webhook-timestamp": matches(COMPONENTS["parameters"]["WebhookTimestamp"]["schema"]["pattern"]),
    "webhook-signature": st.builds(
        lambda before, right, after: " ".join([*before, right, *after]), OTHER_ENTRIES, V1_ENTRY, OTHER_ENTRIES
    ),
}
# Python's patterns have no properties of Unicode, so that schemathesis can draw nothing from the documented ones.
SAMPLES = {r"\p{White_Space}": " \t\u00a0\u2028", r"\p{Pd}": "\u2010-\u2015-", r"\p{Cf}": "\u00ad\u200b\u202a\ufeff"}
FIELDS = {"cell_phone": "SendSms", "email": "SendEmail"}


def field(schemas, name):
    return schemas[FIELDS[name]]["properties"]["data"]["properties"][name]


def sampled(pattern):
    for properties, characters in SAMPLES.items():
        pattern = pattern.replace(properties, characters)
    return pattern


AROUND = st.text(SAMPLES[r"\p{White_Space}"] + SAMPLES[r"\p{Cf}"], max_size=3)
ADDRESS = matches(r"[A-Za-z0-9!#$%'*+/?^_`{|}~-]{1,30}(\.[a-z0-9]{1,9}){0,2}@([a-z0-9]{1,20}(-[a-z0-9]{1,9})?\.){1,2}[a-z]{2,6}")
STRATEGIES["cell_phone"] = matches(sampled(field(COMPONENTS["schemas"], "cell_phone")["pattern"]))
STRATEGIES["email"] = st.builds("{}{}{}".format, AROUND, ADDRESS, AROUND)
for NAME, STRATEGY in STRATEGIES.items():
    schemathesis.openapi.format(NAME, STRATEGY)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for name in ("WebhookId", "WebhookTimestamp", "WebhookSignature"):
        parameter = raw_schema["components"]["parameters"][name]
        parameter["schema"] = {**parameter["schema"], "format": parameter["name"]}
    for name in FIELDS:
        field(raw_schema["components"]["schemas"], name)["format"] = name


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
        message_id = f"{len(BODIES)}-{message_id}"[:ID_LENGTH]
    return message_id


def sign(request):
    """Makes well-formed headers right: the time is now, the signature covers what is sent. Malformed ones stay."""
    headers = request.headers
    if is_well_formed(request, "webhook-id"):
        headers["webhook-id"] = fresh(text(headers["webhook-id"]), body_of(request))
    if is_well_formed(request, "webhook-timestamp"):
        request.made_up_timestamp = text(headers["webhook-timestamp"])
        headers["webhook-timestamp"] = str(int(time.time()))
    sign_as_it_is(request)
    return request


def sign_as_it_is(request):
    headers = request.headers
    if is_well_formed(request, "webhook-signature"):
        message_id, timestamp = (text(headers.get(name)) or "" for name in ("webhook-id", "webhook-timestamp"))
        content = b".".join([message_id.encode("latin-1"), timestamp.encode("latin-1"), body_of(request)])
        right = "v1," + base64.b64encode(hmac.digest(KEY, content, hashlib.sha256)).decode()
        headers["webhook-signature"] = V1.sub(right, text(headers["webhook-signature"]), count=1)


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


def is_a_message(case, response):
    return (response.request.method, case.path) == ("POST", "/webhook")


@schemathesis.check
def is_the_answer_due(ctx, response, case):
    """The relay takes what the document's schemas take and nothing else, and names the fault that there is."""
    if not is_a_message(case, response):
        return
    request = response.request
    statuses = due(request)
    assert response.status_code in statuses, f"{response.status_code}, and due was {sorted(statuses)}"
    if response.status_code == 200 and response.json()["outcome"] == "sent":
        message_id = text(request.headers["webhook-id"])
        assert response.json()["webhook_id"] == message_id
        assert ("idempotency-replayed" in response.headers) == (message_id in SENT)
        SENT.add(message_id)


@schemathesis.check
def is_its_own_time_stale(ctx, response, case):
    """With the timestamp that was made up, and a right signature, the same request is stale: its grammar was right."""
    if not is_a_message(case, response) or response.status_code != 200:
        return
    request = response.request.copy()
    request.headers["webhook-timestamp"] = response.request.made_up_timestamp
    sign_as_it_is(request)
    with requests.Session() as session:
        code = session.send(request, timeout=10).json().get("code")
    assert code == "stale-timestamp", f"{code} for {request.headers['webhook-timestamp']}"


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
