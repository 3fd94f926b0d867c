"""Words that people copy from a mail or from paper: temporary passwords, recovery codes. Pure."""

import re
import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTVWXYZ23456789"
"""Read over the phone without doubt: no O, 0, I, 1, nor U."""
RECOVERY_CODES = 8
_GROUP_LENGTH = 4
_TEMPORARY_GROUPS, _RECOVERY_GROUPS = 4, 6


def new_temporary_password() -> str:
    """XXXX-XXXX-XXXX-XXXX, 79 bits (R35)."""
    return _new_groups(_TEMPORARY_GROUPS)


def as_temporary_password(typed: str) -> str | None:
    """The temporary password meant, typed in any case, with or without hyphens; None for any other text."""
    return _as_groups(typed, _TEMPORARY_GROUPS)


def new_recovery_codes() -> list[str]:
    """What stands in for a lost second factor: 118 bits each, to be kept on paper."""
    return [_new_groups(_RECOVERY_GROUPS) for _ in range(RECOVERY_CODES)]


def as_recovery_code(typed: str) -> str | None:
    """The recovery code meant; None for any other text."""
    return _as_groups(typed, _RECOVERY_GROUPS)


def _new_groups(groups: int) -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(groups * _GROUP_LENGTH))
    return _in_groups(letters)


def _as_groups(typed: str, groups: int) -> str | None:
    letters = re.sub(r"[\s-]", "", typed.upper())
    if len(letters) != groups * _GROUP_LENGTH or not set(letters) <= set(ALPHABET):
        return None
    return _in_groups(letters)


def _in_groups(letters: str) -> str:
    return "-".join(letters[i : i + _GROUP_LENGTH] for i in range(0, len(letters), _GROUP_LENGTH))
