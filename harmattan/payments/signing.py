"""What we and the payment page say to each other is signed with a secret that both know (docs/adr)."""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlencode

SIGNATURE = "signature"


def signed(fields: Mapping[str, str], secret: str) -> dict[str, str]:
    """The fields with their signature."""
    return {**fields, SIGNATURE: signature(fields, secret)}


def is_genuine(fields: Mapping[str, str], secret: str) -> bool:
    """Whether the signature is that of the other fields; compared in constant time."""
    said = fields.get(SIGNATURE, "").encode()
    return bool(secret) and hmac.compare_digest(said, signature(fields, secret).encode())


def signature(fields: Mapping[str, str], secret: str) -> str:
    """HMAC-SHA256 of all other fields, in the order of their names, written as a query."""
    text = urlencode(sorted((name, value) for name, value in fields.items() if name != SIGNATURE))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
