"""The group `flask user`, to which areas that let people in add their commands."""

from flask.cli import AppGroup

user = AppGroup("user", help="People who log in.")
