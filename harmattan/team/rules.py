"""Who may change whose place among staff."""

from dataclasses import dataclass

from harmattan.core.services import Service


@dataclass(frozen=True)
class NewPerson:
    """Who is to be let in, as it was typed."""

    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True)
class Member:
    """What the rules must know of a member of staff."""

    id: int
    service: Service
    is_open: bool


def leaves_settings_empty(target: Member, service: Service | None, keepers: list[Member]) -> bool:
    """Whether nobody of settings would be left, once the target has this service (None: is suspended).

    `keepers` are those of settings whose access is open.
    """
    if service is Service.SETTINGS:
        return False
    return all(keeper.id == target.id for keeper in keepers if keeper.is_open)
