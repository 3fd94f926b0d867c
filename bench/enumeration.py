"""Whether times tell known people from unknown ones: `python -m bench.enumeration` (reliability.md §4).

Each form is sent for a known and an unknown person in turn, in random order within each pair; the area
under the curve (Mann-Whitney) says how well one time tells which it was: 0.5 is not at all.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench import data
from bench.client import Client, Server
from harmattan import create_app
from harmattan.access import recovery
from harmattan.core.extensions import db

ROUNDS = 400
LOWEST, HIGHEST = 0.45, 0.55
WRONG, TEMPORARY = "trois phares sous la neige", "ABCD-EFGH-JKLM-NPQR"
Send = Callable[[bool, int], tuple[str, dict[str, str]]]


def log_in(password: str) -> Send:
    return lambda known, _n: ("/connexion", {"email": _person(known), "password": password})


def forgotten(known: bool, _n: int) -> tuple[str, dict[str, str]]:
    return "/mot-de-passe-oublie", {"email": _person(known)}


def access(known: bool, n: int) -> tuple[str, dict[str, str]]:
    person = {"last_name": "Prat", "first_name": "Zoe", "email": f"zoe{n:04}@x.example", "password": WRONG}
    return "/acces", {"number": "104512" if known else "109999"} | person


def application(known: bool, n: int) -> tuple[str, dict[str, str]]:
    """Of a shop that has an account (by its SIRET), and of one that has none."""
    return "/ouvrir-un-compte", {
        "siret": "90412345200016" if known else "81234567600017",
        **{"trade_name": "Les Marges", "legal_name": "Les Marges SARL"},
        **{"street": "1 rue des Essais", "postal_code": "44000", "city": "Nantes"},
        **{"email": f"lea{n:04}@marges.example", "phone": "0240000000", "iban": ""},
        **{"last_name": "Roux", "first_name": "Lea", "once": f"form-{known}-{n}"},
    }


FORMS: dict[str, Send] = {
    "log-in": log_in(WRONG),
    "log-in, temporary password": log_in(TEMPORARY),
    "forgotten password": forgotten,
    "access request": access,
    "account application": application,
}


def _person(known: bool) -> str:
    return data.ANNE if known else "anna@grandlarge.example"


def prepare(folder: Path) -> None:
    """People, of whom Anne has a temporary password that waits for her."""
    data.prepare(folder)
    with create_app(instance_path=str(folder)).app_context():
        recovery.send({"email": data.ANNE})
        db.session.commit()


def area(known: list[float], unknown: list[float]) -> float:
    """How often a time of a known person is the longer of a pair; ties count half."""
    wins = sum((a > b) + (a == b) / 2 for a in known for b in unknown)
    return wins / (len(known) * len(unknown))


def measure(client: Client, send: Send, rounds: int) -> tuple[float, float]:
    """(area under the curve, gap of the medians in milliseconds)"""
    times: dict[bool, list[float]] = {True: [], False: []}
    for n in range(rounds):
        for known in random.sample((True, False), 2):
            path, fields = send(known, n)
            client.ask("GET", path)
            start = time.perf_counter()
            status, _ = client.ask("POST", path, fields)
            times[known].append((time.perf_counter() - start) * 1000)
            assert status in (303, 422), (status, path)
    return area(times[True], times[False]), median(times[True]) - median(times[False])


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.enumeration", description=__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = options.parse_args().rounds
    os.environ["HARMATTAN_THROTTLE"] = "1000000"
    told = False
    with tempfile.TemporaryDirectory(prefix="harmattan-enumeration-") as folder:
        prepare(Path(folder))
        server = Server("portal", Path(folder))
        try:
            for name, send in FORMS.items():
                found, gap = measure(Client(server.port), send, rounds)
                told = told or not LOWEST <= found <= HIGHEST
                verdict = "ok" if LOWEST <= found <= HIGHEST else "TELLS"
                print(f"{name:28} area {found:.3f}  gap {gap:+.2f} ms  {verdict}", flush=True)
        finally:
            server.stop()
    sys.exit(told)


if __name__ == "__main__":
    main()
