"""Three thousand believable titles of our own invention, the same at each run, and the journeys' five."""

import datetime as dt
from dataclasses import dataclass, field, replace
from random import Random

from stdnum import ean

from harmattan.demo import words

SEED = 20_261_123
COUNT = 3_000
DEARER_EVERY = 60
"""One title of so many is announced at a new price."""

IN_STOCK, ON_DEMAND, FORTHCOMING, REPRINTING, UNAVAILABLE, OUT_OF_PRINT = "21", "23", "10", "32", "31", "51"
"""ONIX list 65."""
_SPREAD = {IN_STOCK: 84, ON_DEMAND: 6, REPRINTING: 3, UNAVAILABLE: 2, FORTHCOMING: 3, OUT_OF_PRINT: 2}
_PREFIXES = ("9782343", "9782336", "978214")
_OTHER_FORMAT, _REPLACES, _REPLACED_BY = "06", "03", "05"
"""ONIX list 51."""


@dataclass(frozen=True)
class Book:
    """What the ONIX record and the warehouse's file say of one title."""

    isbn: str
    title: str
    subtitle: str
    authors: tuple[tuple[str, str, str], ...]
    """(ONIX role, first name, last name)"""
    collection: str
    clil: str
    pages: int
    price_cents: int
    weight_g: int
    published_on: dt.date
    availability: str = IN_STOCK
    expected_on: dt.date | None = None
    new_price: tuple[dt.date, int] | None = None
    """From when on another price holds, and which, in cents."""
    form: str = "BC"
    description: str = ""
    stock: int = 0
    related: tuple[tuple[str, str], ...] = field(default=())
    """(ONIX relation, ISBN)"""


def everything(today: dt.date, count: int = COUNT) -> list[Book]:
    """The catalogue of the demonstration, the journeys' titles first."""
    invented = _invented(today, count)
    dearer = [_dearer(book, today) for book in invented[::DEARER_EVERY]]
    invented[::DEARER_EVERY] = dearer
    return [*of_the_journeys(today), *invented]


def _dearer(book: Book, today: dt.date) -> Book:
    """A title whose publisher announces another price for the new year."""
    return replace(book, new_price=(dt.date(today.year + 1, 1, 1), book.price_cents + 100))


def of_the_journeys(today: dt.date) -> list[Book]:
    """T1 to T5 (journeys.md): their ISBN, prices, weights and stocks are exact."""
    published = dt.date(2024, 3, 1)
    forthcoming = _journeys_december(today)
    awa = (("A01", "Awa", "Sangaré"),)
    cleo = (("A01", "Cléo", "Almeida"),)
    return [
        Book(
            "9782343000015",
            "Les passeurs du fleuve",
            "Ethnographie d’un delta",
            awa,
            "Rites et rivages",
            "3111",
            248,
            2_500,
            320,
            published,
            description="Sur le delta, ceux qui font passer les gens font aussi passer les nouvelles.",
            stock=40,
        ),
        Book(
            "9782296000018",
            "Écrire sous les halles",
            "",
            cleo,
            "Cahiers du quotidien",
            "3081",
            176,
            1_850,
            240,
            published,
            stock=3,
        ),
        Book(
            "9782738400017",
            "L’école après la pluie",
            "Chronique d’une réforme",
            cleo,
            "Apprendre ensemble",
            "3146",
            320,
            3_100,
            410,
            dt.date(1998, 9, 1),
            availability=OUT_OF_PRINT,
        ),
        Book(
            "9782343123455",
            "Petite grammaire du marché au cacao",
            "",
            awa,
            "Afriques en débat",
            "3305",
            208,
            2_200,
            280,
            forthcoming,
            availability=FORTHCOMING,
            expected_on=forthcoming,
        ),
        Book(
            "9782140423451",
            "Mémoires d’un port",
            "Nantes, quai de la Fosse",
            awa,
            "Archives vives",
            "3377",
            280,
            2_900,
            360,
            published,
            stock=12,
        ),
    ]


def _journeys_december(today: dt.date) -> dt.date:
    """15 December 2026 on the journeys' clock; later on, the next 15th of a December."""
    this_year = dt.date(max(today.year, 2026), 12, 15)
    return this_year if this_year > today else this_year.replace(year=this_year.year + 1)


def _invented(today: dt.date, count: int) -> list[Book]:
    chance = Random(SEED)  # noqa: S311 -- invention, not secrecy
    taken = {book.isbn for book in of_the_journeys(today)}
    pairs = [f"{head} {tail}" for head in words.HEADS for tail in words.TAILS]
    pairs.remove("Mémoires du port")
    chance.shuffle(pairs)
    books: list[Book] = []
    for title in pairs:
        book = _book(chance, title, _isbn(chance, taken), today)
        books += _with_twin(chance, book, taken, len(books))
        if len(books) >= count:
            break
    return books[:count]


def _book(chance: Random, title: str, isbn: str, today: dt.date) -> Book:
    genre = chance.choice(words.GENRES)
    pages = chance.randrange(72, 520, 4)
    availability = chance.choices([*_SPREAD], [*_SPREAD.values()])[0]
    expected_on = _expected_on(chance, availability, today)
    published_on = today - dt.timedelta(days=int(21 * 365 * chance.random() ** 2) + 10)
    subtitle = chance.choice((*genre.subtitles, "")).format(place=chance.choice(words.PLACES))
    return Book(
        isbn=isbn,
        title=title,
        subtitle=subtitle,
        authors=_authors(chance),
        collection=chance.choice((*genre.series, "")),
        clil=chance.choice(genre.clil),
        pages=pages,
        price_cents=900 + pages * 6 // 50 * 50,
        weight_g=45 + pages * 115 // 100,
        published_on=expected_on if availability == FORTHCOMING and expected_on else published_on,
        availability=availability,
        expected_on=expected_on,
        description=f"À partir de {chance.choice(words.MATERIALS)}, ce livre suit le fil annoncé par son "
        f"titre, « {title} ». {chance.choice(words.MERITS)}",
        stock=chance.choice((2, 5, 8, 14, 25, 60, 120)) if availability == IN_STOCK else 0,
    )


def _authors(chance: Random) -> tuple[tuple[str, str, str], ...]:
    """One author mostly; sometimes two, an editor of a volume, a preface or a translation."""
    roles = chance.choice((("A01",),) * 6 + (("A01", "A01"), ("B01", "B01"), ("A01", "A15"), ("A01", "B06")))
    return tuple((role, chance.choice(words.FIRST_NAMES), chance.choice(words.LAST_NAMES)) for role in roles)


def _expected_on(chance: Random, availability: str, today: dt.date) -> dt.date | None:
    if availability not in (FORTHCOMING, REPRINTING):
        return None
    return today + dt.timedelta(days=chance.randrange(9, 120))


def _isbn(chance: Random, taken: set[str]) -> str:
    while True:
        prefix = chance.choice(_PREFIXES)
        digits = prefix + "".join(chance.choices("0123456789", k=12 - len(prefix)))
        isbn = digits + ean.calc_check_digit(digits)
        if isbn not in taken:
            taken.add(isbn)
            return isbn


def _with_twin(chance: Random, book: Book, taken: set[str], position: int) -> list[Book]:
    """Now and then a hardback of the same text, or an earlier edition that it replaces."""
    if position % 25 == 0:
        isbn = _isbn(chance, taken)
        hardback = replace(
            book,
            isbn=isbn,
            form="BB",
            price_cents=book.price_cents * 3 // 200 * 100,
            weight_g=book.weight_g + 180,
            related=((_OTHER_FORMAT, book.isbn),),
        )
        return [replace(book, related=((_OTHER_FORMAT, isbn),)), hardback]
    if position % 40 == 1 and book.availability == IN_STOCK:
        isbn = _isbn(chance, taken)
        earlier = replace(
            book,
            isbn=isbn,
            published_on=book.published_on - dt.timedelta(days=2_200),
            availability=OUT_OF_PRINT,
            stock=0,
            related=((_REPLACED_BY, book.isbn),),
        )
        return [replace(book, related=((_REPLACES, isbn),)), earlier]
    return [book]
