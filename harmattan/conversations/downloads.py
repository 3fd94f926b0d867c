"""Hand over a file that came with a message: always to be saved, never shown in the portal's own pages."""

import io

from flask import Response, send_file

from harmattan.conversations.models import SentFile


def download(file: SentFile) -> Response:
    """The file under its clean name (RFC 6266); every answer carries nosniff."""
    return send_file(
        io.BytesIO(file.content),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        etag=False,
    )
