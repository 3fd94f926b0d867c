"""Hand over a file that came with a message: always to be saved, never shown in the portal's own pages."""

from flask import Response

from harmattan.conversations.models import SentFile
from harmattan.core import answers


def download(file: SentFile) -> Response:
    """The file under its clean name; every answer carries nosniff."""
    return answers.saved(file.content, file.name, file.media_type)
