"""The ONIX elements that we read, by reference name and short tag (domain.md §2.1)."""

_COMPOSITES = """
    Sender SenderIdentifier Header Product ProductIdentifier
    DescriptiveDetail Measure Collection TitleDetail TitleElement Contributor Language Extent Subject
    CollateralDetail TextContent
    PublishingDetail Imprint Publisher PublishingDate
    RelatedMaterial RelatedProduct
    ProductSupply Market Territory SupplyDetail Supplier SupplierIdentifier SupplyDate Price Tax PriceDate
""".split()  # noqa: SIM905

_SHORT_TAGS = {
    # header
    "m379": "SenderIDType",
    "x298": "SenderName",
    "m180": "MessageNumber",
    "x307": "SentDateTime",
    "m184": "DefaultLanguageOfText",
    "x310": "DefaultPriceType",
    "m186": "DefaultCurrencyCode",
    # record
    "a001": "RecordReference",
    "a002": "NotificationType",
    "b221": "ProductIDType",
    "b244": "IDValue",
    # description
    "x314": "ProductComposition",
    "b012": "ProductForm",
    "x315": "MeasureType",
    "c094": "Measurement",
    "c095": "MeasureUnitCode",
    "x329": "CollectionType",
    "b202": "TitleType",
    "x409": "TitleElementLevel",
    "x410": "PartNumber",
    "b203": "TitleText",
    "b030": "TitlePrefix",
    "b031": "TitleWithoutPrefix",
    "b029": "Subtitle",
    "b034": "SequenceNumber",
    "b035": "ContributorRole",
    "b036": "PersonName",
    "b037": "PersonNameInverted",
    "b039": "NamesBeforeKey",
    "b247": "PrefixToKey",
    "b040": "KeyNames",
    "b248": "NamesAfterKey",
    "b047": "CorporateName",
    "b249": "UnnamedPersons",
    "b253": "LanguageRole",
    "b252": "LanguageCode",
    "b218": "ExtentType",
    "b219": "ExtentValue",
    "b220": "ExtentUnit",
    "x425": "MainSubject",
    "b067": "SubjectSchemeIdentifier",
    "b069": "SubjectCode",
    # texts
    "x426": "TextType",
    "x427": "ContentAudience",
    "d104": "Text",
    # publishing
    "b079": "ImprintName",
    "b291": "PublishingRole",
    "b081": "PublisherName",
    "x448": "PublishingDateRole",
    "b306": "Date",
    "j260": "DateFormat",
    # related products
    "x455": "ProductRelationCode",
    # supply
    "x449": "CountriesIncluded",
    "x450": "RegionsIncluded",
    "x451": "CountriesExcluded",
    "j345": "SupplierIDType",
    "j396": "ProductAvailability",
    "x461": "SupplyDateRole",
    "x462": "PriceType",
    "j192": "UnpricedItemType",
    "j151": "PriceAmount",
    "x470": "TaxType",
    "x471": "TaxRateCode",
    "x472": "TaxRatePercent",
    "x473": "TaxableAmount",
    "j152": "CurrencyCode",
    "x476": "PriceDateRole",
}

NAMESPACES = frozenset(
    f"http://ns.editeur.org/onix/{release}/{tags}"
    for release in ("3.0", "3.1")
    for tags in ("reference", "short")
) | {""}


def _in_every_namespace(tags: dict[str, str]) -> dict[str, str]:
    return {f"{{{space}}}{tag}" if space else tag: name for space in NAMESPACES for tag, name in tags.items()}


COMPOSITES = _in_every_namespace({name: name for name in _COMPOSITES} | {n.lower(): n for n in _COMPOSITES})
VALUES = _in_every_namespace({name: name for name in _SHORT_TAGS.values()} | _SHORT_TAGS)
"""Reference name by qualified tag; whatever is in neither is skipped with all it holds."""
