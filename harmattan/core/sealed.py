"""What must be kept secret and read again (bank details, second factors): sealed in the database.

Passwords and tokens are hashed instead: nobody needs them back. The key comes from `SECRET_KEY`; what
was sealed under a former one opens as long as that one stands in `SECRET_KEY_FALLBACKS`.

The cipher is loaded by whoever seals or opens something: it takes 7 MB, which most processes do without.
"""

import base64
from functools import lru_cache
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Dialect

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

_PURPOSE = b"harmattan.core.sealed"


class Unreadable(Exception):
    """Sealed under a key that is known no longer, or changed since."""


class Sealed(sa.TypeDecorator[str]):
    """A column whose text the database holds sealed; nothing stays nothing.

    Each row that is read is opened: map it `deferred=True` where pages seldom show it.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return seal(value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return unseal(value) if value else value


def seal(text: str) -> str:
    """The text as it may be kept; sealed twice it differs."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again; raises `Unreadable`."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415

    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable("put the former SECRET_KEY into SECRET_KEY_FALLBACKS") from None


def _keys() -> "MultiFernet":
    config = current_app.config
    return _keys_of((config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"]))


@lru_cache(maxsize=4)
def _keys_of(secrets: tuple[str | bytes, ...]) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415

    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str | bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    material = secret.encode() if isinstance(secret, str) else secret
    derived = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(material)
    return base64.urlsafe_b64encode(derived)
