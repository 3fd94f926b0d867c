"""Hand over a file that came with a message: always to be saved, never shown in the portal's own pages."""

import io

from flask import Response, send_file

from harmattan.conversations.models import Attachment


def download(attachment: Attachment) -> Response:
    """The file under its clean name (RFC 6266); every answer carries nosniff."""
    return send_file(
        io.BytesIO(attachment.content),
        mimetype=attachment.media_type,
        as_attachment=True,
        download_name=attachment.name,
        etag=False,
    )
