"""The current Python SDK as its documentation shows it: one GetUsage, printed."""

import os
import sys

import volcenginesdkcore

base_url, day = sys.argv[1].rstrip("/"), int(sys.argv[2])
configuration = volcenginesdkcore.Configuration()
configuration.ak = os.environ["VOLCENGINE_ACCESS_KEY"]
configuration.sk = os.environ["VOLCENGINE_SECRET_KEY"]
configuration.region = "cn-beijing"
configuration.scheme, configuration.host = base_url.split("://")
if len(sys.argv) > 3:
    configuration.ssl_ca_cert = sys.argv[3]
api = volcenginesdkcore.UniversalApi(volcenginesdkcore.ApiClient(configuration))
info = volcenginesdkcore.UniversalInfo(
    method="POST", service="ark", version="2024-01-01", action="GetUsage",
    content_type="application/json")
print(api.do_call(
    info, {"StartTime": day, "EndTime": day, "Interval": 86400, "ProjectName": "default"}))
