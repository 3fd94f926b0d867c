"""Where a reply by mail goes: an address that names its thread, with a signature that nobody else can make.

`reponse+MSG-2026-000123.k3jq…@…`: the thread's reference, then 80 bits under a key of our secret.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app

from harmattan.core.settings import house

_SIGNED = re.compile(r"\+(?P<reference>MSG-\d{4}-\d{6})\.(?P<signature>[a-z2-7]{16})@", re.IGNORECASE)
_NUMBER = re.compile(r"\bMSG-\d{4}-\d{6}\b", re.IGNORECASE)
_PURPOSE = b"reply-address"


@dataclass(frozen=True)
class Named:
    """The thread that an address names, and whether we wrote that address."""

    reference: str
    is_genuine: bool


def of(reference: str) -> str:
    """The address that replies about this thread are sent to."""
    name, _, domain = house().reply_mailbox.partition("@")
    return f"{name}+{reference}.{_signature(reference, _secrets()[0])}@{domain}"


def named_in(addresses: Iterable[str]) -> Named | None:
    """What the first address of this form says; mail servers may change its case."""
    for address in addresses:
        if found := _SIGNED.search(address[:320]):
            reference, said = found["reference"].upper(), found["signature"].lower().encode()
            genuine = (_signature(reference, secret).encode() for secret in _secrets())
            return Named(reference, any(hmac.compare_digest(said, each) for each in genuine))
    return None


def mentioned_in(text: str) -> str | None:
    """The first number of a message that a text mentions: whoever knows a number may write it."""
    found = _NUMBER.search(text)
    return found[0].upper() if found else None


def _signature(reference: str, secret: str) -> str:
    key = hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256)
    return base64.b32encode(hmac.digest(key, reference.encode(), hashlib.sha256)[:10]).decode().lower()


def _secrets() -> list[str]:
    """The present secret, and the older ones that mails still out there were signed with."""
    return [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
