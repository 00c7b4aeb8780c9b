"""What the two Python clients here share: steps come in as JSON lines, outcomes go out as JSON lines."""

import json
import sys


def serve(call):
    """Runs `call(step)` for every step; it returns what the client returned or raises what it raised."""
    for line in sys.stdin:
        step = json.loads(line)
        outcome = call(step)
        print(json.dumps({"name": step["name"], **outcome}, ensure_ascii=False), flush=True)


def host_of(step):
    """`127.0.0.1:40123` of `http://127.0.0.1:40123`: all SDKs want host and scheme apart."""
    return step["base_url"].split("://", 1)[1].rstrip("/")


def envelope_of(text):
    """The answer's metadata and result, or what the metadata says went wrong."""
    try:
        document = json.loads(text)
        metadata = document["ResponseMetadata"]
    except (TypeError, ValueError, KeyError):
        return {"error": None}
    if "Error" in metadata:
        return {"error": metadata["Error"]["Code"]}
    if "ErrorMessage" in metadata:
        return {"error": metadata["ErrorMessage"].split(":")[0]}
    return {"result": document["Result"], "region": metadata["Region"]}
