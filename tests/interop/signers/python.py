"""Signs requests with the signers of both official Python SDKs: a request a line in, their work a line out."""

import datetime
import json
import sys
from collections import OrderedDict

from volcengine.Credentials import Credentials
from volcengine.auth.SignerV4 import SignerV4 as Old
from volcengine.base.Request import Request
from volcenginesdkcore import signv4
from volcenginesdkcore.signv4 import SignerV4 as Current


class At:
    """The clock of the current SDK's signer, stopped."""

    def __init__(self, x_date):
        moment = datetime.datetime.strptime(x_date, "%Y%m%dT%H%M%SZ")
        self.datetime = type("datetime", (), {"utcnow": staticmethod(lambda: moment)})


def headers_of(asked):
    return {**dict(asked["headers"]), "Host": asked["host"]}


def current(asked):
    """Its queries are a dictionary, so that repeated parameters cannot be said."""
    query = dict(asked["query"])
    if len(query) != len(asked["query"]):
        return None
    signv4.datetime = At(asked["x_date"])
    headers = headers_of(asked)
    Current.sign(
        asked["path_encoded"], asked["method"], headers, asked["body"], None, query, asked["access_key_id"],
        asked["secret_access_key"], asked["region"], asked["service"], asked["session_token"] or None)
    presigned = Current.sign_url(
        asked["path_encoded"], asked["method"], query, asked["access_key_id"], asked["secret_access_key"],
        asked["region"], asked["service"], asked["session_token"] or None, asked["host"])
    return {"headers": headers, "presigned": presigned}


def request_of(asked):
    request = Request()
    request.set_schema("https")
    request.set_method(asked["method"])
    request.set_host(asked["host"])
    request.set_path(asked["path"])
    request.set_headers(OrderedDict(headers_of(asked)))
    query = OrderedDict()
    for name, value in asked["query"]:
        query.setdefault(name, []).append(value)
    request.set_query(OrderedDict(
        (name, values if len(values) > 1 else values[0]) for name, values in query.items()))
    request.set_body(asked["body"])
    return request


def old(asked):
    Old.get_current_format_date = staticmethod(lambda: asked["x_date"])
    credentials = Credentials(
        asked["access_key_id"], asked["secret_access_key"], asked["service"], asked["region"], asked["session_token"])
    request = request_of(asked)
    Old.sign(request, credentials)
    return {"headers": dict(request.headers), "presigned": Old.sign_url(request_of(asked), credentials)}


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"python-sdk": current(asked), "python-old": old(asked)}))
