"""What schemathesis has to know of the relay: how a request is signed, and which answer it is due.

In scope: signing what was generated, as the shop does and as PayTR does, what the schemas cannot say of a right
message, judging each answer by what was really sent, and a record of every call. Not in scope: generating, and whether
an answer is of the documented shape; schemathesis does both.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import time
from urllib.parse import parse_qsl, urlencode

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
MERCHANT_KEY = os.environ["PAYTR_MERCHANT_KEY"].encode()
MERCHANT_SALT = os.environ["PAYTR_MERCHANT_SALT"]
RELAY = os.environ["RELAY"]
CALLS = open(os.environ["CALLS"], "w", encoding="utf-8", buffering=1)
# What each webhook-id stands for, and those that were answered and recorded.
BODIES = {}
RECORDED = set()
V1 = re.compile(r"(?<![^ ])v1,[A-Za-z0-9+/]{43}=")


def validator(schema):
    return jsonschema_rs.Draft202012Validator({**schema, "components": COMPONENTS})


MESSAGE = validator({"$ref": "#/components/schemas/Message"})
NOTICE = validator({"$ref": "#/components/schemas/Notice"})
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
FIELDS = {"cell_phone": "CellPhone", "email": "Email"}


def sampled(pattern):
    for properties, characters in SAMPLES.items():
        pattern = pattern.replace(properties, characters)
    return pattern


AROUND = st.text(SAMPLES[r"\p{White_Space}"] + SAMPLES[r"\p{Cf}"], max_size=3)
ADDRESS = matches(r"[A-Za-z0-9!#$%'*+/?^_`{|}~-]{1,30}(\.[a-z0-9]{1,9}){0,2}@([a-z0-9]{1,20}(-[a-z0-9]{1,9})?\.){1,2}[a-z]{2,6}")
STRATEGIES["cell_phone"] = matches(sampled(COMPONENTS["schemas"]["CellPhone"]["pattern"]))
STRATEGIES["email"] = st.builds("{}{}{}".format, AROUND, ADDRESS, AROUND)
for NAME, STRATEGY in STRATEGIES.items():
    schemathesis.openapi.format(NAME, STRATEGY)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for name in ("WebhookId", "WebhookTimestamp", "WebhookSignature"):
        parameter = raw_schema["components"]["parameters"][name]
        parameter["schema"] = {**parameter["schema"], "format": parameter["name"]}
    for name, schema in FIELDS.items():
        raw_schema["components"]["schemas"][schema]["format"] = name


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


def new_link():
    """The callback_id of a link that the relay has made just now. Its reference begins with 0: it is no number."""
    data = {"name": "Sipariş 1001", "price": 158000, "reference": f"{len(BODIES):08}"}
    body = json.dumps({"type": "link.create", "data": data}).encode()
    message_id = fresh("msg_new_link", body)
    timestamp = str(int(time.time()))
    headers = {"content-type": "application/json", "webhook-id": message_id, "webhook-timestamp": timestamp}
    headers["webhook-signature"] = signature(message_id, timestamp, body)
    answer = requests.post(f"{RELAY}/webhook", data=body, headers=headers, timeout=10)
    record("POST /webhook", "own", answer)
    return answer.json()["link"]["callback_id"]


DELETED = set()


def delete_what_is_there(data):
    """PayTR refuses to delete a link twice, and 5 and "5" are one link."""
    if data.get("callback_id") is not None:
        data["callback_id"] = new_link()
        return
    ids = []
    for link_id in data["ids"]:
        if str(link_id) in DELETED:
            link_id = f"once-{len(DELETED):08}"
        DELETED.add(str(link_id))
        ids.append(link_id)
    data["ids"] = ids


def send_what_is_there(data):
    """PayTR refuses to send what it deleted."""
    if str(data["id"]) in DELETED:
        data["id"] = f"again-{len(BODIES):08}"


def date_to_come(data, name):
    """Dates exist, and are to come."""
    if data.get(name) is not None:
        date = data[name]
        data[name] = f"209{date[3:8]}{min(int(date[8:10]), 28):02}{date[10:]}"


def create_what_can_be(data):
    """What is the most is not less than the least."""
    date_to_come(data, "expiry_date")
    for least, most in (("min_count", "max_count"), ("price", "flex_max_price")):
        if data.get(least) is not None and data.get(most) is not None:
            data[least], data[most] = sorted((data[least], data[most]))


def replay_what_is_known(data):
    """A link's events, or all that were given up."""
    if data.get("state") is None:
        data["callback_id"] = new_link()
    date_to_come(data, "created_after")


def list_what_can_be(data):
    """What is before comes after what is after."""
    for name in ("created_after", "created_before"):
        date_to_come(data, name)
    if data.get("created_after") is not None and data.get("created_before") is not None:
        data["created_after"] = f"1999{data['created_after'][4:]}"


ACCORDING_TO = {
    "link.send_sms": send_what_is_there,
    "link.send_email": send_what_is_there,
    "link.create": create_what_can_be,
    "link.delete": delete_what_is_there,
    "link.get": lambda data: data.update(callback_id=new_link()),
    "event.replay": replay_what_is_known,
    "link.list": list_what_can_be,
    "event.list": list_what_can_be,
}


@schemathesis.hook
def map_body(context, body):
    return whole(body)


def make_possible(request):
    """What the schemas take, the relay takes too, but for what no schema says: that is made so."""
    try:
        message = json.loads(body_of(request))
    except ValueError:
        return
    if MESSAGE.is_valid(message) and message["type"] in ACCORDING_TO and message.get("data") is not None:
        ACCORDING_TO[message["type"]](message["data"])
        request.prepare_body(json.dumps(message), None)


def fresh(message_id, body):
    """The id itself, unless it stands for another message already: then a new one, made of it."""
    while BODIES.setdefault(message_id, body) != body:
        message_id = f"{len(BODIES)}-{message_id}"[:ID_LENGTH]
    return message_id


def signature(message_id, timestamp, body):
    content = b".".join([message_id.encode("latin-1"), timestamp.encode("latin-1"), body])
    return "v1," + base64.b64encode(hmac.digest(KEY, content, hashlib.sha256)).decode()


def notice_of(request):
    """The fields of PayTR's form, or None if one comes twice."""
    pairs = parse_qsl(body_of(request).decode("latin-1"), keep_blank_values=True, encoding="utf-8", errors="replace")
    return dict(pairs) if len(dict(pairs)) == len(pairs) else None


def sign_notice(request):
    """Makes the hash of a well-formed notice right. A malformed one stays."""
    notice = notice_of(request)
    if notice is not None and NOTICE.is_valid(notice):
        parts = ["callback_id", "merchant_oid", None, "status", "total_amount"]
        signed = "".join(notice[name] if name else MERCHANT_SALT for name in parts)
        digest = hmac.digest(MERCHANT_KEY, signed.encode(), hashlib.sha256)
        request.prepare_body(urlencode({**notice, "hash": base64.b64encode(digest).decode()}), None)
    return request


def sign_message(request):
    """Makes well-formed headers right: the time is now, the signature covers what is sent. Malformed ones stay."""
    headers = request.headers
    if all(is_well_formed(request, name) for name in GRAMMARS):
        make_possible(request)
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
        right = signature(message_id, timestamp, body_of(request))
        headers["webhook-signature"] = V1.sub(right, text(headers["webhook-signature"]), count=1)


@schemathesis.hook
def before_call(context, case, kwargs):
    # Called by requests with the request as it goes out: those bytes are signed.
    kwargs["auth"] = lambda request: (sign_notice if request.path_url == "/callback" else sign_message)(request)


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


def is_post(path, case, response):
    return (response.request.method, case.path) == ("POST", path)


@schemathesis.check
def is_the_answer_due(ctx, response, case):
    """The relay takes what the document's schemas take and nothing else, and names the fault that there is."""
    if not is_post("/webhook", case, response):
        return
    request = response.request
    statuses = due(request)
    assert response.status_code in statuses, f"{response.status_code}, and due was {sorted(statuses)}"
    if response.status_code == 200 and response.json()["outcome"] in ("sent", "created", "deleted"):
        message_id = text(request.headers["webhook-id"])
        assert response.json()["webhook_id"] == message_id
        assert ("idempotency-replayed" in response.headers) == (message_id in RECORDED)
        RECORDED.add(message_id)


@schemathesis.check
def is_the_notice_taken(ctx, response, case):
    """The relay takes a notice that the document's schema takes, rightly signed, and no other."""
    if not is_post("/callback", case, response):
        return
    notice = notice_of(response.request)
    is_right = notice is not None and NOTICE.is_valid(notice)
    expected = (200, "OK") if is_right else (400, "PAYTR notification failed: ")
    assert response.status_code == expected[0] and response.text.startswith(expected[1]), response.text


@schemathesis.check
def is_its_own_time_stale(ctx, response, case):
    """With the timestamp that was made up, and a right signature, the same request is stale: its grammar was right."""
    if not is_post("/webhook", case, response) or response.status_code != 200:
        return
    request = response.request.copy()
    request.headers["webhook-timestamp"] = response.request.made_up_timestamp
    sign_as_it_is(request)
    with requests.Session() as session:
        code = session.send(request, timeout=10).json().get("code")
    assert code == "stale-timestamp", f"{code} for {request.headers['webhook-timestamp']}"


@schemathesis.hook
def after_call(context, case, response):
    record(f"{response.request.method} {case.path}", case.meta.generation.mode.value, response)


def record(call, mode, response):
    is_json = "json" in str(response.headers.get("content-type"))
    answer = response.json() if response.content and is_json else {}
    line = {
        "call": call,
        "mode": mode,
        "status": response.status_code,
        "word": answer.get("code") or answer.get("outcome") or answer.get("status"),
        "replayed": "idempotency-replayed" in response.headers,
        # How often PayTR was asked to send a link that was made.
        "sends": len(answer["sends"]) if answer.get("outcome") == "created" and "sends" in answer else 0,
    }
    CALLS.write(json.dumps(line) + "\n")
