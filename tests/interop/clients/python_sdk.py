"""The current Python SDK (volcenginesdkcore), unmodified: UniversalApi for any action."""

import ast

import volcenginesdkcore
from volcenginesdkcore.auth.providers.sts_provider import StsCredentialProvider
from volcenginesdkcore.rest import ApiException

from wire import envelope_of, host_of, serve


def call(step):
    configuration = volcenginesdkcore.Configuration()
    configuration.ak = step["access_key_id"]
    configuration.sk = step["secret_access_key"]
    configuration.session_token = step["session_token"]
    configuration.region = step["region"]
    configuration.scheme = "http"
    configuration.host = host_of(step)
    # The SDK's own number of retries, without its pauses.
    configuration.min_retry_delay_ms = 1
    configuration.max_retry_delay_ms = 1
    role = step.get("assume_role")
    if role:
        configuration.credential_provider = StsCredentialProvider(
            step["access_key_id"], step["secret_access_key"], role["name"], role["account_id"],
            scheme="http", host=host_of(step), region=step["region"])
    api = volcenginesdkcore.UniversalApi(volcenginesdkcore.ApiClient(configuration))
    info = volcenginesdkcore.UniversalInfo(
        method=step["method"], service=step["service"], version=step["version"],
        action=step["action"], content_type="application/json")
    try:
        return {"result": api.do_call(info, step["parameters"])}
    except ApiException as refused:
        if refused.body:
            return envelope_of(refused.body)
        # An error inside HTTP 200: the SDK keeps its text only.
        return {"error": ast.literal_eval(refused.reason)["Code"]}
    except Exception as broken:  # whatever a caller of the SDK would meet
        return {"error": None, "detail": repr(broken)}


serve(call)
