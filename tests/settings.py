"""What every test application is configured with."""

from pathlib import Path

from harmattan.demo.house import LEGAL_FACTS

MIGRATIONS = str(Path(__file__).parents[1] / "migrations")
SETTINGS = {
    "TESTING": True,
    "HOUSE": LEGAL_FACTS,
    "SECRET_KEY": "tests only, tests only, tests only, tests only",
    "ARGON2_TIME_COST": 1,
    "ARGON2_MEMORY_KIB": 64,
}
