"""The judge of PyPI's `standardwebhooks`: requests come in, one a line; a list of verdicts goes out.

It knows no names of Svix's, so it gets such a request under its own.
"""

import base64
import datetime
import json
import re
import sys

from standardwebhooks import webhooks


class CaseClock(datetime.datetime):
    """The library's clock, set to the time of the case."""

    unix_seconds = 0

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(cls.unix_seconds, tz)


webhooks.datetime = CaseClock


def judge(case):
    CaseClock.unix_seconds = case["now"]
    case["headers"] = {re.sub("^svix-", "webhook-", name, flags=re.I): value for name, value in case["headers"].items()}
    verdicts = [judge_by(secret, case) for secret in case["secrets"]]
    return next((verdict for verdict in ("accepted", "refused") if verdict in verdicts), "choked")


def judge_by(secret, case):
    try:
        webhook = webhooks.Webhook(secret)
        webhook.verify(base64.b64decode(case["body"]), case["headers"], json_parse=False)
    except webhooks.WebhookVerificationError:
        return "refused"
    except Exception:
        return "choked"
    return "accepted"


json.dump([judge(json.loads(line)) for line in sys.stdin.buffer], sys.stdout)
