"""Many PDFs as one, and many files in one archive."""

import datetime as dt
import io
import zipfile

import pikepdf

_EARLIEST = (1980, 1, 1, 0, 0, 0)


class Binder:
    """PDFs one after the other, each with its bookmark: for whoever prints a month at once."""

    def __init__(self, title: str) -> None:
        self._bound = pikepdf.new()
        self._marks: list[pikepdf.OutlineItem] = []
        with self._bound.open_metadata() as metadata:
            metadata["dc:title"] = title
            metadata["dc:language"] = ["fr"]
        self._bound.Root.Lang = "fr"

    def add(self, name: str, content: bytes) -> None:
        """Append a PDF under this name."""
        self._marks.append(pikepdf.OutlineItem(name, len(self._bound.pages)))
        self._bound.pages.extend(pikepdf.open(io.BytesIO(content)).pages)

    def content(self) -> bytes:
        """The bytes of the whole."""
        with self._bound.open_outline() as outline:
            outline.root.extend(self._marks)
        bound = io.BytesIO()
        self._bound.save(bound, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return bound.getvalue()


class Archive:
    """A ZIP whose files are what was put in, octet for octet."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self._zip = zipfile.ZipFile(self._bytes, "w")

    def add(self, name: str, content: bytes, day: dt.date) -> None:
        """Put a file in, dated from that day; PDFs are compressed already."""
        when = max((day.year, day.month, day.day, 12, 0, 0), _EARLIEST)
        self._zip.writestr(zipfile.ZipInfo(name, when), content)

    def content(self) -> bytes:
        """The bytes of the archive, closed."""
        self._zip.close()
        return self._bytes.getvalue()
