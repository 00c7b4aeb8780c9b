"""The Python SDK of BytePlus (byteplussdkcore), unmodified: UniversalApi for any action."""

import byteplussdkcore
import byteplussdkcore.rest
from byteplussdkcore.auth.providers.sts_provider import StsCredentialProvider

from universal import caller
from wire import serve

serve(caller(byteplussdkcore, StsCredentialProvider))
