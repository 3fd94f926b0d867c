"""What a record says, and why it is rejected (domain.md §2)."""

import datetime as dt
import io
from typing import Any

import pytest

from harmattan.catalogue.rules import Availability
from harmattan.imports import onix, rules
from harmattan.imports.record import Record, Rejection, read
from tests.cast import MONDAY
from tests.imports import messages
from tests.imports.messages import PRICE, TITLE, message, product, record, supply

TODAY = MONDAY.date()


NO_PRICE = "aucun prix TTC en euros valable en France, ni UnpricedItemType"
ZERO = "prix nul : un titre sans prix porte UnpricedItemType"


def read_one(text: str, defaults: str = "") -> Record | Rejection:
    stream = io.BytesIO(message(text, defaults=defaults))
    header = onix.read_header(stream)
    return read(next(iter(onix.records(stream))), 1, header, TODAY)


def taken(text: str, defaults: str = "") -> Record:
    found = read_one(text, defaults)
    assert isinstance(found, Record), found
    return found


def rejected(text: str, defaults: str = "") -> str:
    found = read_one(text, defaults)
    assert isinstance(found, Rejection), found
    return found.reason


def columns(**blocks: Any) -> dict[str, Any]:
    return taken(product(**blocks)).columns


def test_a_complete_record_fills_every_column() -> None:
    found = taken(product())
    assert (found.position, found.reference, found.isbn, found.warnings) == (
        1,
        "fr.test.1",
        "9782343000015",
        (),
    )
    assert found.relations == (("06", "9782296000018"),)
    assert found.columns == {
        "title": "Les passeurs du fleuve",
        "subtitle": "Ethnographie d’un delta",
        "authors": "Awa Exemple",
        "contributors": [{"role": "A01", "name": "Awa Exemple"}, {"role": "A15", "name": "Jean Modèle"}],
        "collection": "Études de terrain",
        "form": "BC",
        "pages": 248,
        "language": "fre",
        "clil": "3080",
        "weight_g": 320,
        "description": "Un beau texte.\nDeux.",
        "imprint": "L’Harmattan",
        "published_on": dt.date(2024, 3, 1),
        "availability": Availability.AVAILABLE,
        "expected_on": None,
        "price_cents": 2500,
        "vat_bp": 550,
    }


def price(amount: str, kind: str = "04", more: str = "") -> str:
    return f"<Price><PriceType>{kind}</PriceType><PriceAmount>{amount}</PriceAmount>{more}</Price>"


# identifiers


@pytest.mark.parametrize(
    ("identifiers", "isbn"),
    [
        ([("15", "978-2-343-00001-5")], "9782343000015"),
        ([("03", "9782343000015")], "9782343000015"),
        ([("02", "2343000018")], "9782343000015"),
        ([("15", "9782343000016"), ("03", "9782343000015")], "9782343000015"),
        ([("03", "3760000000017")], "3760000000017"),
    ],
)
def test_isbn_then_gtin_then_isbn_10(identifiers: list[tuple[str, str]], isbn: str) -> None:
    text = "".join(
        f"<ProductIdentifier><ProductIDType>{kind}</ProductIDType><IDValue>{value}</IDValue></ProductIdentifier>"
        for kind, value in identifiers
    )
    complete = product(number=None).replace("<DescriptiveDetail>", text + "<DescriptiveDetail>", 1)
    assert taken(complete).isbn == isbn


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (product(number=None), "ni ISBN ni GTIN dans la notice"),
        (product(number="9782343000016"), "ISBN ou GTIN faux : « 9782343000016 »"),
        (product(reference=""), "référence de notice absente (RecordReference)"),
        (product(title=""), "titre absent"),
        (product(notification="77"), "type de notification inconnu : « 77 »"),
        (product(supplied=""), NO_PRICE),
        (product(supplied=supply(price=PRICE.replace("25.00", "cher"))), "prix illisible : « cher »"),
        (product(supplied=supply(price=PRICE.replace("25.00", "0.00"))), ZERO),
        (product(supplied=supply(price=price("2.005"))), "prix à plus de deux décimales : 2.005"),
        (product(supplied=supply(price=PRICE.replace("EUR", "GBP"))), NO_PRICE),
        (product(supplied=supply(price=PRICE.replace(">04<", ">01<"))), NO_PRICE),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said(text: str, reason: str) -> None:
    assert rejected(text) == reason


# titles and people


@pytest.mark.parametrize(
    ("element", "title"),
    [
        ("<TitlePrefix>L’</TitlePrefix><TitleWithoutPrefix>école</TitleWithoutPrefix>", "L’école"),
        ("<TitlePrefix>Les</TitlePrefix><TitleWithoutPrefix>ports</TitleWithoutPrefix>", "Les ports"),
        ("<NoPrefix/><TitleWithoutPrefix>Ports</TitleWithoutPrefix>", "Ports"),
        (f"<TitleText>{'a' * 400}</TitleText>", "a" * 299 + "…"),
    ],
)
def test_a_title_in_each_form(element: str, title: str) -> None:
    assert columns(title=element)["title"] == title


def test_a_volume_without_a_title_bears_the_series_and_its_part() -> None:
    details = (
        "<TitleDetail><TitleType>10</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>"
        "<TitleText>COURT</TitleText></TitleElement></TitleDetail>"
        "<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>02</TitleElementLevel>"
        "<TitleText>Œuvres</TitleText></TitleElement><TitleElement><TitleElementLevel>01</TitleElementLevel>"
        "<PartNumber>tome 2</PartNumber></TitleElement></TitleDetail>"
    )
    assert columns(description=details)["title"] == "Œuvres, tome 2"


@pytest.mark.parametrize(
    ("people", "authors"),
    [
        ([("A15", "Jean Modèle"), ("A01", "Awa Exemple"), ("A01", "Paul Roy")], "Awa Exemple, Paul Roy"),
        ([("B01", "Awa Exemple"), ("A15", "Jean Modèle")], "Awa Exemple (dir.)"),
        ([("B06", "Une Traductrice")], "Une Traductrice"),
        ([], ""),
    ],
)
def test_authors_sign_else_those_who_directed(people: list[tuple[str, str]], authors: str) -> None:
    contributors = "".join(
        f"<Contributor><ContributorRole>{role}</ContributorRole><PersonName>{name}</PersonName></Contributor>"
        for role, name in people
    )
    title = TITLE.format("<TitleText>T</TitleText>")
    assert columns(description=title + contributors)["authors"] == authors


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ("<PersonNameInverted>Exemple, Awa</PersonNameInverted>", "Awa Exemple"),
        (
            "<NamesBeforeKey>Jean</NamesBeforeKey><PrefixToKey>de</PrefixToKey><KeyNames>La Mer</KeyNames>",
            "Jean de La Mer",
        ),
        ("<CorporateName>Musée du Port</CorporateName>", "Musée du Port"),
        ("<UnnamedPersons>04</UnnamedPersons>", "Collectif"),
    ],
)
def test_names_read_first_name_first(names: str, name: str) -> None:
    text = f"<Contributor><ContributorRole>A01</ContributorRole>{names}</Contributor>"
    assert columns(description=TITLE.format("<TitleText>T</TitleText>") + text)["authors"] == name


# texts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "<p>Un\n  <strong>beau</strong> livre</p><ul><li>un</li><li>deux</li></ul>",
            "Un beau livre\nun\ndeux",
        ),
        ("<![CDATA[<p>Un<br>deux &eacute;t&eacute;s</p><script>alert(1)</script>]]>", "Un\ndeux étés"),
        ("&lt;img src=x onerror=alert(1)&gt;Bonjour &amp;amp; bonsoir", "Bonjour & bonsoir"),
        ("2 &lt; 3 et 5 &gt; 4", "2 < 3 et 5 > 4"),
        ("Ligne un\n\nLigne deux", "Ligne un\nLigne deux"),
        ("avant\u202eaprès", "avantaprès"),
        ("<p>a</p><script>b</script>", "a"),
        ("", ""),
    ],
)
def test_texts_lose_their_markup(text: str, said: str) -> None:
    content = f"<TextContent><TextType>03</TextType><Text>{text}</Text></TextContent>"
    assert columns(texts=content)["description"] == said


def test_the_back_cover_then_the_short_text_stand_in_for_the_description() -> None:
    short = "<TextContent><TextType>02</TextType><Text>court</Text></TextContent>"
    back = "<TextContent><TextType>05</TextType><Text>quatrième</Text></TextContent>"
    assert columns(texts=short)["description"] == "court"
    assert columns(texts=short + back)["description"] == "quatrième"


# supply


@pytest.mark.parametrize(
    ("codes", "availability"),
    [
        ("20 21 22", Availability.AVAILABLE),
        ("23", Availability.ON_DEMAND),
        ("10 11 12", Availability.FORTHCOMING),
        ("32", Availability.REPRINTING),
        ("31 34", Availability.TEMPORARILY_UNAVAILABLE),
        ("30", Availability.MISSING_UNDATED),
        ("33", Availability.TO_BE_REISSUED),
        ("43", Availability.NO_LONGER_DISTRIBUTED),
        ("40 41 42 46 48 49 51 52", Availability.OUT_OF_PRINT),
        ("01 09", Availability.ABANDONED),
        ("44 45 47 50 97 98 99", Availability.ON_REQUEST),
    ],
)
def test_availability_in_our_words(codes: str, availability: Availability) -> None:
    assert {rules.availability_of(code, None) for code in codes.split()} == {availability}


def test_code_30_with_a_date_is_temporary() -> None:
    dated = (
        "<SupplyDate><SupplyDateRole>08</SupplyDateRole><Date dateformat='00'>20270110</Date></SupplyDate>"
    )
    found = columns(supplied=supply("30", more=dated))
    assert found["availability"] is Availability.TEMPORARILY_UNAVAILABLE
    assert found["expected_on"] == dt.date(2027, 1, 10)


def test_an_unknown_availability_is_to_be_asked_with_a_warning() -> None:
    found = taken(product(supplied=supply("ZZ")))
    assert found.columns["availability"] is Availability.ON_REQUEST
    assert found.warnings == ("disponibilité inconnue : « ZZ »",)


def test_a_title_that_ships_now_expects_nothing() -> None:
    dated = (
        "<SupplyDate><SupplyDateRole>08</SupplyDateRole><Date dateformat='00'>20270110</Date></SupplyDate>"
    )
    assert columns(supplied=supply("20", more=dated))["expected_on"] is None


def test_no_price_is_right_where_the_record_says_so() -> None:
    found = columns(supplied=supply(price="<UnpricedItemType>02</UnpricedItemType>"))
    assert found["price_cents"] is None


def territory(words: str) -> str:
    return f"<CurrencyCode>EUR</CurrencyCode><Territory>{words}</Territory>"


WORLD_BUT_FRANCE = "<RegionsIncluded>WORLD</RegionsIncluded><CountriesExcluded>FR</CountriesExcluded>"


def dates(since: str = "", until: str = "") -> str:
    return "".join(
        f"<PriceDate><PriceDateRole>{role}</PriceDateRole><Date dateformat='00'>{day}</Date></PriceDate>"
        for role, day in (("14", since), ("15", until))
        if day
    )


@pytest.mark.parametrize(
    ("prices", "cents"),
    [
        (price("20.00", "02") + price("25.00"), 2500),
        (price("20.00", "02"), 2000),
        (price("23.70", "03") + price("25.00"), 2500),
        (price("25,50"), 2550),
        (price("30.00", more=territory("<CountriesIncluded>BE</CountriesIncluded>")) + price("25.00"), 2500),
        (price("30.00", more=territory("<CountriesIncluded>BE FR</CountriesIncluded>")), 3000),
        (price("30.00", more=territory("<RegionsIncluded>WORLD</RegionsIncluded>")), 3000),
        (
            price("30.00", more=territory(WORLD_BUT_FRANCE))
            + price("25.00"),
            2500,
        ),
        (price("25.00", more=dates(until="20261231")) + price("27.00", more=dates("20270101")), 2500),
        (price("25.00", more=dates(until="20261031")) + price("27.00", more=dates("20261101")), 2700),
        (price("29.00", more=dates("20270301")) + price("27.00", more=dates("20270101")), 2700),
        (price("25.00") + price("22.00", more=dates("20261101", "20261130")), 2200),
        (price("25.00", more=dates("20261123", "20261123")), 2500),
    ],
)  # fmt: skip
def test_the_public_price_of_france_today(prices: str, cents: int) -> None:
    assert columns(supplied=supply(price=prices))["price_cents"] == cents


def test_the_header_says_type_and_currency_where_the_price_does_not() -> None:
    bare = product(supplied=supply(price="<Price><PriceAmount>25.00</PriceAmount></Price>"))
    euros = "<DefaultPriceType>04</DefaultPriceType><DefaultCurrencyCode>EUR</DefaultCurrencyCode>"
    assert taken(bare, euros).columns["price_cents"] == 2500
    assert rejected(bare, euros.replace("EUR", "CHF")).startswith("aucun prix TTC")
    assert rejected(bare).startswith("aucun prix TTC")


def test_the_supplier_with_a_french_price_is_the_one() -> None:
    abroad = supply("40", price=price("30.00", more="<CurrencyCode>USD</CurrencyCode>"))
    found = columns(supplied=abroad + supply("21"))
    assert (found["availability"], found["price_cents"]) == (Availability.AVAILABLE, 2500)


def tax(rate: str, amount: str = "") -> str:
    taxable = f"<TaxableAmount>{amount}</TaxableAmount>" if amount else ""
    return f"<Tax><TaxType>01</TaxType><TaxRatePercent>{rate}</TaxRatePercent>{taxable}</Tax>"


@pytest.mark.parametrize(
    ("taxes", "rate"), [("", 550), (tax("5.5"), 550), (tax("20"), 2000), (tax("2.1"), 210)]
)
def test_the_vat_rate_comes_from_the_price(taxes: str, rate: int) -> None:
    assert columns(supplied=supply(price=price("25.00", more=taxes)))["vat_bp"] == rate


def test_of_mixed_rates_the_larger_part_counts_with_a_warning() -> None:
    found = taken(
        product(supplied=supply(price=price("25.00", more=tax("20", "3.00") + tax("5.5", "20.00"))))
    )
    assert found.columns["vat_bp"] == 550
    assert found.warnings == ("TVA mixte : le taux de la plus grande part est retenu",)


# blocks and notifications


def test_a_block_update_carries_only_the_blocks_present() -> None:
    found = taken(record("fr.test.1", "04", blocks=f"<ProductSupply>{supply('40')}</ProductSupply>"))
    assert set(found.columns) == {"availability", "expected_on", "price_cents", "vat_bp"}
    assert found.relations is None
    assert found.isbn == ""


def test_a_deletion_needs_no_more_than_its_reference() -> None:
    assert taken(record("fr.test.1", "05")).columns == {}


def test_unreadable_weight_and_date_are_warnings() -> None:
    found = taken(
        product(
            description=messages.DESCRIPTION.replace(">320<", ">lourd<"),
            publishing=messages.PUBLISHING.replace("20240301", "20240230"),
        )
    )
    assert found.warnings == ("poids illisible : « lourd gr »", "date illisible : « 20240230 »")
    assert (found.columns["weight_g"], found.columns["published_on"]) == (None, None)
