"""The older Python SDK (volcengine), unmodified: its Service with one action."""

import json

from volcengine.ApiInfo import ApiInfo
from volcengine.Credentials import Credentials
from volcengine.ServiceInfo import ServiceInfo
from volcengine.base.Service import Service

from wire import envelope_of, host_of, serve


def call(step):
    credentials = Credentials(
        step["access_key_id"], step["secret_access_key"], step["service"], step["region"],
        step["session_token"])
    service = Service(
        ServiceInfo(host_of(step), {"Accept": "application/json"}, credentials, 5, 30, "http"),
        {"call": ApiInfo(step["method"], "/", {"Action": step["action"], "Version": step["version"]}, {}, {})})
    # Keys of this machine are none of the test's business.
    service.set_ak(step["access_key_id"])
    service.set_sk(step["secret_access_key"])
    try:
        if step["method"] == "GET":
            return envelope_of(service.get("call", dict(step["parameters"])))
        return envelope_of(service.json("call", {}, json.dumps(step["parameters"])))
    except Exception as refused:  # the SDK raises the answer's text, as str or bytes
        text = refused.args[0] if refused.args else ""
        outcome = envelope_of(text)
        return outcome if outcome["error"] else {"error": None, "detail": repr(refused)}


serve(call)
