"""A server on loopback that judges signatures with the official Python SDK's own signer.

Every request is signed again by volcenginesdkcore.signv4, with the same keys, at the time the request
names; what comes out has to be what came in, to the letter. The answers have the vendor's envelope.
`GET /verdicts` says what was judged, and how it went.
"""

import datetime
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from volcenginesdkcore import signv4

# Secret and session token by access key id: one pair, one temporary pair, and what AssumeRole gives.
KEYS = {
    "AKLTDEMO0000000000000000000000000": ("demo-secret-not-a-real-key-00000000000000", ""),
    "AKTPEXAMPLE0000000000000000000001": ("fake-secret-for-tests-only-0001", "fake-session-token-for-tests-only"),
    "AKTPROLE000000000000000000000001": ("fake-secret-of-a-role", "fake-token-of-a-role/+=="),
}
MADE_BY_PRESIGNING = {
    "X-Date", "X-NotSignBody", "X-Credential", "X-Algorithm", "X-SignedHeaders", "X-SignedQueries",
    "X-Signature", "X-Security-Token"}
VERDICTS = []


class Refused(Exception):
    """What is wrong with a request."""


class Listed(dict):
    """Headers to sign. The official signer puts a Content-Type of its own into those of a POST that
    have none and signs it; this says that there is one, so that it signs just what is listed."""

    def __contains__(self, name):
        return name == "Content-Type" or super().__contains__(name)

    def get(self, name, default=None):
        return super().get(name, "application/json" if name == "Content-Type" else default)


class At:
    """The clock of the signer, stopped."""

    def __init__(self, x_date):
        moment = datetime.datetime.strptime(x_date, "%Y%m%dT%H%M%SZ")
        self.datetime = type("datetime", (), {"utcnow": staticmethod(lambda: moment)})


def parameters_of(query):
    pairs = parse_qsl(query, keep_blank_values=True)
    if len(dict(pairs)) != len(pairs):
        raise Refused("a parameter is repeated, which the official signer cannot express")
    return dict(pairs)


def claims(text):
    """The parts of a credential: access key id, region, service; and the secret and token that belong."""
    access_key_id, _, region, service, _ = text.split("/")
    if access_key_id not in KEYS:
        raise Refused(f"nobody has the key {access_key_id}")
    return access_key_id, region, service, *KEYS[access_key_id]


def spelled(name):
    """`X-Date`: the official signer knows headers in this spelling only."""
    return "-".join(part.capitalize() for part in name.split("-"))


def judge_headers(method, path, query, headers, body):
    given = headers["authorization"]
    fields = dict(part.split("=", 1) for part in given.removeprefix("HMAC-SHA256 ").split(", "))
    access_key_id, region, service, secret, token = claims(fields["Credential"])
    listed = fields["SignedHeaders"].split(";")
    made = {"x-date", "x-content-sha256", "x-security-token"}
    signed = Listed({spelled(name): headers[name] for name in listed if name not in made})
    signv4.datetime = At(headers["x-date"])
    signv4.SignerV4.sign(
        path, method, signed, body.decode(), None, parameters_of(query), access_key_id, secret, region, service,
        token or None)
    for name, wanted in signed.items():
        sent = given if name == "Authorization" else headers.get(name.lower())
        if sent != wanted:
            raise Refused(f"{name}\n  sent:     {sent}\n  official: {wanted}")


def judge_query(method, path, query, headers):
    sent = parameters_of(query)
    access_key_id, region, service, secret, token = claims(sent["X-Credential"])
    own = {name: value for name, value in sent.items() if name not in MADE_BY_PRESIGNING}
    signv4.datetime = At(sent["X-Date"])
    host = headers["host"] if sent["X-SignedHeaders"] == "host" else None
    official = dict(parse_qsl(
        signv4.SignerV4.sign_url(path, method, own, access_key_id, secret, region, service, token or None, host),
        keep_blank_values=True))
    for name in sorted(official.keys() | sent.keys()):
        if sent.get(name) != official.get(name):
            raise Refused(f"{name}\n  sent:     {sent.get(name)}\n  official: {official.get(name)}")


def result_of(action, body):
    """Enough for our client to be content."""
    if action == "GetUsage":
        asked = json.loads(body)
        starts = range(asked["StartTime"], asked["EndTime"] + 1, asked["Interval"])
        # As many tokens as seconds, so that hours add up to days.
        values = [{"Timestamp": start, "Value": asked["Interval"]} for start in starts]
        return {"UsageResults": [{"Name": "PromptTokens", "MetricItems": [{"Values": values}]}]}
    if action == "AssumeRole":
        access_key_id = "AKTPROLE000000000000000000000001"
        secret, token = KEYS[access_key_id]
        return {"Credentials": {
            "AccessKeyId": access_key_id, "SecretAccessKey": secret, "SessionToken": token,
            "CurrentTime": "2024-11-20T04:00:00Z", "ExpiredTime": "2099-01-01T00:00:00Z"}}
    if action == "GetCallerIdentity":
        return {"AccountId": 2100000001, "IdentityId": "1", "IdentityType": "User", "Trn": "trn:iam::2100000001:user/a"}
    if action == "ListProjects":
        return {"Total": 1, "Limit": 100, "Offset": 0, "Projects": [
            {"ProjectName": "default", "AccountID": 2100000001, "Status": "active", "HasPermission": True}]}
    if action == "ListEndpoints":
        return {"TotalCount": 1, "PageNumber": 1, "PageSize": 100, "Items": [
            {"Id": "ep-20240101000000-abcde", "Name": "one", "ProjectName": "default", "Status": "Running"}]}
    return {"Judged": True}


class Court(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        if url.path == "/verdicts":
            return self.answer(200, VERDICTS)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        action = query.get("Action", "")
        metadata = {"RequestId": f"JUDGE{len(VERDICTS):027}", "Action": action, "Version": query.get("Version", ""),
                    "Service": "judge", "Region": "cn-beijing"}
        presigned = "X-Signature" in query
        verdict = {"what": f"{self.command} {self.path}", "form": "query" if presigned else "headers", "wrong": None}
        try:
            if presigned:
                judge_query(self.command, url.path, url.query, headers)
            else:
                judge_headers(self.command, url.path, url.query, headers, body)
        except Refused as refused:
            verdict["wrong"] = str(refused)
        except (KeyError, ValueError) as broken:
            verdict["wrong"] = f"cannot be read: {broken!r}"
        VERDICTS.append(verdict)
        if verdict["wrong"]:
            metadata["Error"] = {"CodeN": 100010, "Code": "SignatureDoesNotMatch", "Message": verdict["wrong"]}
            return self.answer(401, {"ResponseMetadata": metadata})
        return self.answer(200, {"ResponseMetadata": metadata, "Result": result_of(action, body)})

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_one

    def answer(self, status, document):
        text = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Verdicts are asked for; nothing is said meanwhile."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Court)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
