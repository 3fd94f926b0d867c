"""Factur-X: what the PDF's metadata must say of the XML that it holds (domain.md §5.7).

typst attaches the XML and writes PDF/A-3a and PDF/UA-1; the one block it does not know is added here, in
the extension bag that it has already begun (a second bag would be wrong).
"""

import io

ATTACHMENT = "factur-x.xml"
PROFILE = "EN 16931"

_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_PROPERTIES = {
    "DocumentFileName": "name of the embedded XML document",
    "DocumentType": "type of the hybrid document",
    "Version": "version of the standard that the embedded XML follows",
    "ConformanceLevel": "profile of the embedded XML",
}
_PROPERTY = (
    '<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{}</pdfaProperty:name>'
    "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
    "<pdfaProperty:category>external</pdfaProperty:category>"
    "<pdfaProperty:description>{}</pdfaProperty:description></rdf:li>"
)
_SCHEMA = (
    '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
    f"<pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    + "".join(_PROPERTY.format(*each) for each in _PROPERTIES.items())
    + "</rdf:Seq></pdfaSchema:property></rdf:li>"
)
_STATEMENT = (
    f'<rdf:Description rdf:about="" xmlns:fx="{_NAMESPACE}"><fx:DocumentType>INVOICE</fx:DocumentType>'
    f"<fx:DocumentFileName>{ATTACHMENT}</fx:DocumentFileName><fx:Version>1.0</fx:Version>"
    f"<fx:ConformanceLevel>{PROFILE}</fx:ConformanceLevel></rdf:Description>"
)


class NotArchivable(Exception):
    """The PDF is not one that typst made for archives."""


def factur_x(pdf: bytes) -> bytes:
    """The same PDF, telling that its attachment is the invoice as data."""
    import pikepdf  # noqa: PLC0415 -- 6 MB, for who issues documents

    with pikepdf.open(io.BytesIO(pdf)) as document:
        told = bytes(document.Root.Metadata.read_bytes()).decode()
        document.Root.Metadata = document.make_stream(
            _told(told).encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
        )
        kept = io.BytesIO()
        document.save(kept, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return kept.getvalue()


def _told(metadata: str) -> str:
    bag = metadata.find("<pdfaExtension:schemas")
    end_of_bag = metadata.find("</rdf:Bag>", metadata.rfind("pdfaSchema:schema>", bag))
    if bag < 0 or end_of_bag < 0:
        raise NotArchivable
    told = metadata[:end_of_bag] + _SCHEMA + metadata[end_of_bag:]
    return told.replace("</rdf:RDF>", _STATEMENT + "</rdf:RDF>")
