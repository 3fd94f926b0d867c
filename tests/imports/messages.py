"""Small ONIX messages of our own, in reference or short tags."""

import re

from stdnum import ean

_SHORT = {
    "ONIXMessage": "ONIXmessage",
    "SenderName": "x298",
    "MessageNumber": "m180",
    "SentDateTime": "x307",
    "DefaultLanguageOfText": "m184",
    "DefaultPriceType": "x310",
    "DefaultCurrencyCode": "m186",
    "RecordReference": "a001",
    "NotificationType": "a002",
    "ProductIDType": "b221",
    "IDValue": "b244",
    "ProductForm": "b012",
    "MeasureType": "x315",
    "Measurement": "c094",
    "MeasureUnitCode": "c095",
    "TitleType": "b202",
    "TitleElementLevel": "x409",
    "TitleText": "b203",
    "TitlePrefix": "b030",
    "TitleWithoutPrefix": "b031",
    "Subtitle": "b029",
    "SequenceNumber": "b034",
    "ContributorRole": "b035",
    "PersonName": "b036",
    "NamesBeforeKey": "b039",
    "KeyNames": "b040",
    "LanguageRole": "b253",
    "LanguageCode": "b252",
    "ExtentType": "b218",
    "ExtentValue": "b219",
    "ExtentUnit": "b220",
    "MainSubject": "x425",
    "SubjectSchemeIdentifier": "b067",
    "SubjectCode": "b069",
    "TextType": "x426",
    "Text": "d104",
    "ImprintName": "b079",
    "PublishingDateRole": "x448",
    "Date": "b306",
    "ProductRelationCode": "x455",
    "ProductAvailability": "j396",
    "SupplyDateRole": "x461",
    "PriceType": "x462",
    "PriceAmount": "j151",
    "CurrencyCode": "j152",
    "CountriesIncluded": "x449",
    "TaxType": "x470",
    "TaxRatePercent": "x472",
}

TITLE = (
    "<TitleDetail><TitleType>01</TitleType>"
    "<TitleElement><TitleElementLevel>01</TitleElementLevel>{}</TitleElement></TitleDetail>"
)
DESCRIPTION = (
    "<ProductForm>BC</ProductForm>"
    "<Measure><MeasureType>08</MeasureType><Measurement>320</Measurement>"
    "<MeasureUnitCode>gr</MeasureUnitCode></Measure>"
    "<Collection><TitleDetail><TitleElement><TitleElementLevel>02</TitleElementLevel>"
    "<TitleText>Études de terrain</TitleText></TitleElement></TitleDetail></Collection>"
    "{title}"
    "<Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>A15</ContributorRole>"
    "<PersonName>Jean Modèle</PersonName></Contributor>"
    "<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>"
    "<NamesBeforeKey>Awa</NamesBeforeKey><KeyNames>Exemple</KeyNames></Contributor>"
    "<Language><LanguageRole>01</LanguageRole><LanguageCode>fre</LanguageCode></Language>"
    "<Extent><ExtentType>00</ExtentType><ExtentValue>248</ExtentValue><ExtentUnit>03</ExtentUnit></Extent>"
    "<Subject><SubjectSchemeIdentifier>29</SubjectSchemeIdentifier><SubjectCode>4001</SubjectCode></Subject>"
    "<Subject><MainSubject/><SubjectSchemeIdentifier>29</SubjectSchemeIdentifier>"
    "<SubjectCode>3080</SubjectCode></Subject>"
)
TEXTS = (
    "<TextContent><TextType>03</TextType>"
    "<Text textformat='05'><p>Un <em>beau</em> texte.</p><p>Deux.</p></Text></TextContent>"
)
PUBLISHING = (
    "<Imprint><ImprintName>L’Harmattan</ImprintName></Imprint>"
    "<PublishingDate><PublishingDateRole>01</PublishingDateRole>"
    "<Date dateformat='00'>20240301</Date></PublishingDate>"
)
RELATED = (
    "<RelatedProduct><ProductRelationCode>06</ProductRelationCode>"
    "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9782296000018</IDValue></ProductIdentifier>"
    "</RelatedProduct>"
)
PRICE = (
    "<Price><PriceType>04</PriceType><PriceAmount>25.00</PriceAmount><CurrencyCode>EUR</CurrencyCode></Price>"
)


def isbn(number: int) -> str:
    """A valid ISBN of our own making."""
    start = f"978234{number:06}"
    return start + str(ean.calc_check_digit(start))


def supply(availability: str = "20", price: str = PRICE, more: str = "") -> str:
    return (
        f"<SupplyDetail><ProductAvailability>{availability}</ProductAvailability>{more}{price}</SupplyDetail>"
    )


def record(reference: str, notification: str, number: str | None = None, blocks: str = "") -> str:
    """A bare record: only what is said."""
    identifier = (
        f"<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{number}</IDValue></ProductIdentifier>"
        if number
        else ""
    )
    return (
        f"<Product><RecordReference>{reference}</RecordReference>"
        f"<NotificationType>{notification}</NotificationType>{identifier}{blocks}</Product>"
    )


def product(
    reference: str = "fr.test.1",
    number: str | None = "9782343000015",
    *,
    notification: str = "03",
    title: str = "<TitleText>Les passeurs du fleuve</TitleText><Subtitle>Ethnographie d’un delta</Subtitle>",
    description: str = DESCRIPTION,
    texts: str = TEXTS,
    publishing: str = PUBLISHING,
    related: str = RELATED,
    supplied: str | None = None,
) -> str:
    """A complete record; each block can be replaced."""
    described = description.replace("{title}", TITLE.format(title) if title else "")
    blocks = (
        f"<DescriptiveDetail>{described}</DescriptiveDetail>"
        f"<CollateralDetail>{texts}</CollateralDetail><PublishingDetail>{publishing}</PublishingDetail>"
        f"<RelatedMaterial>{related}</RelatedMaterial>"
        f"<ProductSupply>{supply() if supplied is None else supplied}</ProductSupply>"
    )
    return record(reference, notification, number, blocks)


def many(how_many: int) -> list[str]:
    return [product(f"fr.test.{n}", isbn(n)) for n in range(1, how_many + 1)]


def message(
    *products: str,
    release: str = "3.0",
    short: bool = False,
    namespace: bool = True,
    number: int | None = None,
    sent: str = "",
    sender: str = "Distributeur Exemple",
    defaults: str = "",
) -> bytes:
    header = f"<Sender><SenderName>{sender}</SenderName></Sender>" if sender else ""
    header += f"<MessageNumber>{number}</MessageNumber>" if number is not None else ""
    header += f"<SentDateTime>{sent}</SentDateTime>" if sent else ""
    space = f' xmlns="http://ns.editeur.org/onix/{release}/{"short" if short else "reference"}"'
    text = (
        f'<ONIXMessage release="{release}"{space if namespace else ""}>'
        f"<Header>{header}{defaults}</Header>{''.join(products)}</ONIXMessage>"
    )
    if short:
        text = re.sub(r"<(/?)(\w+)", lambda found: f"<{found[1]}{_short(found[2])}", text)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def _short(name: str) -> str:
    return _SHORT.get(name, name.lower())
