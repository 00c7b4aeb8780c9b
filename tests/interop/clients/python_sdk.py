"""The current Python SDK (volcenginesdkcore), unmodified: UniversalApi for any action."""

import volcenginesdkcore
import volcenginesdkcore.rest
from volcenginesdkcore.auth.providers.sts_provider import StsCredentialProvider

from universal import caller
from wire import serve

serve(caller(volcenginesdkcore, StsCredentialProvider))
