"""A signer for `ark-usage conformance --signer 'python3 example_signer.py'`: the standard library only."""

import hashlib
import hmac
import json
import sys
from urllib.parse import quote, unquote, unquote_plus, urlsplit


def encoded(text):
    return quote(text, safe="-_.~")


def query_of(text):
    pairs = [pair.partition("=")[::2] for pair in text.split("&") if pair]
    pairs = [(unquote_plus(name), unquote_plus(value)) for name, value in pairs]
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in sorted(pairs, key=lambda pair: pair[0].encode()))


def sign(asked):
    url = urlsplit(asked["url"])
    payload = hashlib.sha256(asked["body"].encode()).hexdigest()
    headers = {name.lower(): value for name, value in asked["headers"].items()}
    headers |= {"host": url.netloc, "x-date": asked["x_date"], "x-content-sha256": payload}
    if asked["session_token"]:
        headers["x-security-token"] = asked["session_token"]
    signed = sorted(name for name in headers if name == "host" or name.startswith("x-"))
    canonical = "\n".join([
        asked["method"],
        "/".join(encoded(unquote(part)) for part in (url.path or "/").split("/")),
        query_of(url.query),
        *(f"{name}:{headers[name].strip()}" for name in signed),
        "",
        ";".join(signed),
        payload])
    scope = "/".join([asked["x_date"][:8], asked["region"], asked["service"], "request"])
    to_sign = "\n".join(["HMAC-SHA256", asked["x_date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = asked["secret_access_key"].encode()
    for part in [*scope.split("/"), to_sign]:
        key = hmac.digest(key, part.encode(), "sha256")
    return {"canonical_request": canonical, "string_to_sign": to_sign, "signature": key.hex(), "authorization":
            f"HMAC-SHA256 Credential={asked['access_key_id']}/{scope}, SignedHeaders={';'.join(signed)}, Signature={key.hex()}"}


for line in sys.stdin:
    asked = json.loads(line)
    answer = {"skip": "presigned URLs"} if asked["kind"] == "presign" else sign(asked)
    print(json.dumps({"case": asked["case"], **answer}))
