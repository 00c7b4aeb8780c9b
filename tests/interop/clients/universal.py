"""What the current Python SDKs of Volcengine and BytePlus share: UniversalApi for any action."""

import ast

from wire import envelope_of, host_of


def caller(sdk, sts_provider):
    """Returns the function that makes a step's call with the core of an SDK, unmodified."""

    def call(step):
        configuration = sdk.Configuration()
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
            configuration.credential_provider = sts_provider(
                step["access_key_id"], step["secret_access_key"], role["name"],
                role["account_id"], scheme="http", host=host_of(step), region=step["region"])
        api = sdk.UniversalApi(sdk.ApiClient(configuration))
        info = sdk.UniversalInfo(
            method=step["method"], service=step["service"], version=step["version"],
            action=step["action"], content_type="application/json")
        try:
            return {"result": api.do_call(info, step["parameters"])}
        except sdk.rest.ApiException as refused:
            if refused.body:
                return envelope_of(refused.body)
            if refused.status == 404:
                return {"error": "404 without a body"}
            # An error inside HTTP 200: the SDK keeps its text only.
            return {"error": ast.literal_eval(refused.reason)["Code"]}
        except Exception as broken:  # whatever a caller of the SDK would meet
            return {"error": None, "detail": repr(broken)}

    return call
