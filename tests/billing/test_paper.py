"""The PDF of a document: Factur-X for archives and screen readers, with every legal mention (domain §5)."""

import io
import re

import facturx
import pikepdf
import pypdf
import pytest
from flask import Flask
from lxml import etree

from harmattan.billing import container, drafts
from harmattan.billing.models import Form
from harmattan.billing.rules import Facts
from harmattan.core.places import Address
from tests.billing.conftest import NANTES, facts

NUMBER = "FA-2026-000123"
BRUSSELS = Address("Librairie Le Grand Large", "1 rue Neuve", "1000", "Bruxelles", "BE")
NAMESPACES = {
    "e": "http://www.aiim.org/pdfa/ns/extension/",
    "s": "http://www.aiim.org/pdfa/ns/schema#",
    "r": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


def read(pdf: bytes) -> str:
    """The text of the document, as a screen reader or a search finds it."""
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text)


def made(document: Facts) -> str:
    return read(drafts.papers(NUMBER, document)[Form.PDF])


def squeezed(text: str) -> str:
    return text.replace(" ", "")


def test_the_pdf_is_archivable_accessible_and_holds_its_own_xml(app: Flask) -> None:
    papers = drafts.papers(NUMBER, facts())
    name, xml = facturx.get_xml_from_pdf(papers[Form.PDF], check_xsd=True)
    assert (name, xml) == (container.ATTACHMENT, papers[Form.CII])
    assert facturx.get_level(etree.fromstring(xml)) == "en16931"
    with pikepdf.open(io.BytesIO(papers[Form.PDF])) as pdf:
        (attached,) = pdf.Root.AF
        assert str(attached.AFRelationship) == "/Alternative"
        assert str(attached.UF) == container.ATTACHMENT
        assert "/OutputIntents" in pdf.Root
        assert all_fonts_embedded(pdf)
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        told = etree.fromstring(bytes(pdf.Root.Metadata.read_bytes()))
    (bag,) = told.findall(".//e:schemas/r:Bag", NAMESPACES)
    schemas = bag.xpath("r:li/s:namespaceURI/text()", namespaces=NAMESPACES)
    assert schemas.count("urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#") == 1
    assert len(schemas) == len(set(schemas)) > 1
    assert "EN 16931" in "".join(told.itertext())


def all_fonts_embedded(pdf: pikepdf.Pdf) -> bool:
    fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
    descriptors = [part.FontDescriptor for font in fonts for part in font.DescendantFonts]
    return bool(descriptors) and all(
        {"/FontFile", "/FontFile2", "/FontFile3"} & set(each.keys()) for each in descriptors
    )


def test_an_invoice_states_every_mention_that_the_law_asks_for(app: Flask) -> None:
    elsewhere = Address("Bibliothèque du Port", "5 rue de Valmy", "44000", "Nantes")
    document = facts(delivery_address=elsewhere, delivered_on=facts().issued_on)
    text = made(document)
    for mention in (
        # the seller
        "Éditions L’Harmattan", "7 rue de l’École-Polytechnique, 75005 Paris", "SARL au capital de 100 000 €",
        "RCS Paris 999 123 458", "FR61999123458",
        # the customer
        "SARL Le Grand Large", "12 quai de la Fosse", "44000 Nantes", "904123452", "FR11904123452",
        # the document
        "Facture FA-2026-000123", "23 novembre 2026", "31 janvier 2027", "60 jours fin de mois",
        "CMD-2026-000341", "Salon du livre, table 12", "Livraison de biens",
        "Bibliothèque du Port, 5 rue de Valmy, 44000 Nantes", "Livré le",
        # each line, rebates quantified
        "Les passeurs du fleuve", "978-2-343-00001-5", "15,7105 €", "25,50 €", "35 %", "5,5 %", "47,13 €",
        # amounts by rate
        "157,99 €", "8,69 €", "166,68 €", "8,50 €",
        # paying late and early
        "Aucun escompte", "refinancement de la Banque centrale européenne majoré de dix points",
        "indemnité forfaitaire de 40 €",
        # where to pay (R74, R75)
        "FR76 3000 6000 0112 3456 7890 189", "AGRIFRPPXXX", "30006 00001 12345678901 89",
    ):  # fmt: skip
        assert squeezed(mention) in squeezed(text), mention


@pytest.mark.parametrize(
    ("place", "vat_number", "mention"),
    [
        (Address("L", "1 rue", "97200", "Fort-de-France"), "", "application de l’article 294 du CGI"),
        (Address("L", "1 rue", "98800", "Nouméa", "NC"), "", "article 262 I du CGI"),
        (BRUSSELS, "BE0403019261", "article 262 ter I du CGI"),
    ],
)
def test_what_bears_no_tax_says_by_which_article(
    app: Flask, place: Address, vat_number: str, mention: str
) -> None:
    text = squeezed(made(facts(place=place, vat_number=vat_number)))
    assert squeezed(mention) in text
    assert vat_number in text
    assert "FR61999123458" in text


def test_the_address_of_the_customer_is_not_told_twice(app: Flask) -> None:
    assert "Livré à" not in made(facts(delivery_address=NANTES))
