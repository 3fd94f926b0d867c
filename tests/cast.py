"""The shops and people of the journeys: plain functions, keyword defaults; each adds its rows."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

from harmattan.access.models import Account, User
from harmattan.access.passwords import hash_password
from harmattan.access.rules import Right
from harmattan.billing import allocation, drafts
from harmattan.billing import service as billing
from harmattan.billing.models import Document, Form, Means, Payment
from harmattan.billing.rules import Line
from harmattan.cart import service as carts
from harmattan.cart.rules import BackorderPolicy
from harmattan.catalogue.models import Title
from harmattan.catalogue.rules import Availability
from harmattan.conversations import service as conversations
from harmattan.conversations.models import Thread
from harmattan.conversations.service import Writer
from harmattan.core import clock
from harmattan.core.extensions import db
from harmattan.core.places import Address, Territory
from harmattan.core.services import Service
from harmattan.core.terms import EndOfMonth, PaymentTerm
from harmattan.deliveries.models import DeliveryAddress, Tariff
from harmattan.deliveries.rules import DeliveryMode
from harmattan.orders import checked
from harmattan.orders.models import Order, OrderEvent, OrderLine
from harmattan.orders.rules import Action, Status
from harmattan.quotes import offering, requesting
from harmattan.quotes.models import Offer, Quote
from harmattan.quotes.proposals import Ask, Granted, Proposal
from harmattan.quotes.rules import EventKind

PASSWORD = "trois-libraires-au-soleil"
MONDAY = dt.datetime(2026, 11, 23, 10, 0, tzinfo=clock.PARIS)
"""When the journeys take place, unless they say otherwise."""

SIXTY_DAYS = PaymentTerm(60, end_of_month=EndOfMonth.AFTER)

_hashes: dict[str, str] = {}


def password_hash() -> str:
    """Everybody's password, hashed once for the whole run."""
    if PASSWORD not in _hashes:
        _hashes[PASSWORD] = hash_password(PASSWORD)
    return _hashes[PASSWORD]


def account(number: str = "104512", **details: Any) -> Account:
    facts: dict[str, Any] = {
        "trade_name": f"Librairie {number}",
        "legal_name": f"SARL Librairie {number}",
        "email": f"contact@{number}.example",
        "street": "1 rue du Port",
        "postal_code": "44000",
        "city": "Nantes",
        "siret": "90400001500019",
        "discount_bp": 3600,
        "activated_at": clock.now(),
    }
    row = Account(number=number, **(facts | details))
    db.session.add(row)
    db.session.flush()
    return row


def bookseller(shop: Account, email: str, name: str, *rights: Right, principal: bool = False) -> User:
    first, _, last = name.partition(" ")
    row = User(
        email=email,
        first_name=first,
        last_name=last,
        password_hash=password_hash(),
        account_id=shop.id,
        rights=frozenset(rights),
        is_principal=principal,
    )
    db.session.add(row)
    db.session.flush()
    return row


def staff(email: str, name: str, service: Service) -> User:
    first, _, last = name.partition(" ")
    row = User(email=email, first_name=first, last_name=last, password_hash=password_hash(), service=service)
    db.session.add(row)
    db.session.flush()
    return row


def everybody() -> SimpleNamespace:
    """C1, C2, C3 and their people, and the four services (journeys.md)."""
    grand_large = account(
        "104512",
        trade_name="Librairie Le Grand Large",
        legal_name="SARL Le Grand Large",
        email="contact@grandlarge.example",
        street="12 quai de la Fosse",
        gln="3025000002004",
        siret="90412345200016",
        vat_number="FR11904123452",
        payment_term=SIXTY_DAYS,
    )
    quais = account(
        "104733",
        trade_name="Librairie des Quais",
        legal_name="SARL des Quais",
        email="contact@quais.example",
        street="3 quai Saint-Michel",
        postal_code="75005",
        city="Paris",
        siret="90473345800015",
        discount_bp=3400,
    )
    petit_port = account(
        "104800",
        trade_name="Librairie du Petit Port",
        email="compta@petitport.example",
        siret="90480045500019",
        activated_at=None,
    )
    for shop in (grand_large, quais):
        address(shop)
    people = SimpleNamespace(
        grand_large=grand_large,
        quais=quais,
        petit_port=petit_port,
        anne=bookseller(grand_large, "anne@grandlarge.example", "Anne Le Goff", principal=True),
        karim=bookseller(
            grand_large, "karim@grandlarge.example", "Karim Benali", Right.ORDERS, Right.RETURNS
        ),
        lucie=bookseller(grand_large, "lucie@grandlarge.example", "Lucie Morel", Right.DOCUMENTS),
        paul=bookseller(quais, "paul@quais.example", "Paul Roy", principal=True),
        marie=staff("marie@equipe.example", "Marie Duval", Service.SALES),
        hugo=staff("hugo@equipe.example", "Hugo Petit", Service.AFTER_SALES),
        ines=staff("ines@equipe.example", "Inès Caron", Service.ACCOUNTING),
        root=staff("root@equipe.example", "Root Admin", Service.SETTINGS),
    )
    db.session.commit()
    return people


def title(isbn: str = "9782343000015", **details: Any) -> Title:
    facts: dict[str, Any] = {
        "record_reference": f"harmattan-{isbn}",
        "title": f"Le livre {isbn}",
        "authors": "Cléo Almeida",
        "imprint": "L’Harmattan",
        "form": "BC",
        "availability": Availability.AVAILABLE,
        "price_cents": 2500,
        "weight_g": 320,
        "stock": 40,
        "published_on": dt.date(2024, 3, 1),
    }
    row = Title(isbn=isbn, **(facts | details))
    db.session.add(row)
    db.session.flush()
    return row


def titles() -> SimpleNamespace:
    """T1 to T5 (journeys.md)."""
    return SimpleNamespace(
        t1=title("9782343000015", title="Les passeurs du fleuve", subtitle="Ethnographie d’un delta"),
        t2=title("9782296000018", title="Écrire sous les halles", price_cents=1850, weight_g=240, stock=3),
        t3=title(
            "9782738400017",
            title="L’école après la pluie",
            price_cents=3100,
            weight_g=410,
            stock=0,
            availability=Availability.OUT_OF_PRINT,
        ),
        t4=title(
            "9782343123455",
            title="Petite grammaire du marché au cacao",
            price_cents=2200,
            weight_g=280,
            stock=0,
            availability=Availability.FORTHCOMING,
            expected_on=dt.date(2026, 12, 15),
            published_on=dt.date(2026, 12, 15),
        ),
        t5=title("9782140423451", title="Mémoires d’un port", price_cents=2900, weight_g=360, stock=12),
    )


def address(shop: Account, territory: Territory = Territory.MAINLAND, **details: Any) -> DeliveryAddress:
    facts: dict[str, Any] = {
        "recipient": shop.trade_name,
        "street": shop.street,
        "postal_code": shop.postal_code,
        "city": shop.city,
        "is_default": True,
    }
    row = DeliveryAddress(account_id=shop.id, territory=territory, **(facts | details))
    db.session.add(row)
    db.session.flush()
    return row


def tariffs(valid_from: dt.date = dt.date(2026, 1, 1)) -> list[Tariff]:
    """The journeys' tariffs HT for the mainland; express is twice standard, the others are free."""
    bands = {1_000: 590, 5_000: 850, 10_000: 1190, 30_000: 1990}
    factors = {
        DeliveryMode.STANDARD: 1,
        DeliveryMode.EXPRESS: 2,
        DeliveryMode.PRISME: 0,
        DeliveryMode.COUNTER: 0,
    }
    rows = [
        Tariff(
            mode=mode,
            territory=Territory.MAINLAND,
            up_to_g=up_to_g,
            fee_cents=factor * fee,
            valid_from=valid_from,
        )
        for mode, factor in factors.items()
        for up_to_g, fee in bands.items()
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def order(by: User, *lines: tuple[Title, int], number: int = 1, **details: Any) -> Order:
    """An order as it was recorded, of (title, quantity) lines at 10,00 € HT a copy; no cart behind it."""
    now = clock.now()
    facts: dict[str, Any] = {
        "reference": f"CMD-2026-{number:06}",
        "placed_at": now,
        "status_since": now,
        "mode": DeliveryMode.STANDARD,
        "territory": Territory.MAINLAND,
        "address": Address("Librairie", "1 rue du Port", "44000", "Nantes"),
        "discount_bp": 3600,
        "payment_term": SIXTY_DAYS,
        "goods_cents": 1_000 * sum(quantity for _, quantity in lines),
        "carriage_cents": 0,
        "vat": [],
        "gross_cents": 1_000 * sum(quantity for _, quantity in lines),
        "line_count": len(lines),
        "copy_count": sum(quantity for _, quantity in lines),
        "weight_g": 0,
    }
    row = Order(account_id=by.account_id, placed_by_id=by.id, **(facts | details))
    row.events = [OrderEvent(actor=by.name, action=Action.PLACE, status=Status.RECORDED, at=row.placed_at)]
    row.lines = [_order_line(by, title, quantity) for title, quantity in lines]
    db.session.add(row)
    db.session.flush()
    return row


def _order_line(by: User, title: Title, quantity: int) -> OrderLine:
    return OrderLine(
        account_id=by.account_id,
        title_id=title.id,
        isbn=title.isbn,
        title=title.full_title,
        authors=title.authors,
        quantity=quantity,
        backorder_policy=BackorderPolicy.NOTE,
        availability=title.availability,
        expected_on=title.expected_on,
        price_cents=title.price_cents,
        product_vat_bp=550,
        vat_bp=550,
        discount_bp=3600,
        net_unit_micros=10_000_000,
        line_cents=1_000 * quantity,
        weight_g=0,
    )


def billed(title: Title, quantity: int, shop: Account) -> Line:
    """An invoice's line as sales would have it invoiced on the mainland."""
    facts = {"price_cents": title.price_cents or 0, "vat_bp": title.vat_bp, "discount_bp": shop.discount_bp}
    return Line.sold(title.full_title, title.isbn, quantity=quantity, **facts)


def invoice(
    shop: Account, *lines: tuple[Title, int], collected: bool = False, set_it: bool = False, **details: Any
) -> Document:
    """An issued invoice of (title, quantity) lines; its papers are a stand-in unless they are to be set."""
    facts: dict[str, Any] = {"term": shop.payment_term}
    with _papers(set_it):
        draft = drafts.invoice(
            shop,
            [billed(title, quantity, shop) for title, quantity in lines],
            delivery=drafts.Delivery(Territory.MAINLAND, shop.place, is_collected=collected),
            **(facts | details),
        )
        return billing.issue(draft, "Marie Duval")


def credit_note(invoice: Document, quantity: int, set_it: bool = False, **details: Any) -> Document:
    """A credit note on so many copies of the invoice's first line."""
    credit = drafts.Credit(invoice, invoice.lines[0], quantity)
    with _papers(set_it):
        draft = drafts.credit_note(invoice.account, [credit], **({"reason": "Retour"} | details))
        return billing.issue(draft, "Inès Caron")


def pay(invoice: Document, received_on: dt.date, means: Means = Means.TRANSFER) -> Payment:
    """Settle what is left of an invoice."""
    facts = {"received_on": received_on, "means": means, "actor": "Inès Caron", "label": invoice.number}
    payment = allocation.record_payment(invoice.account, invoice.open_cents, **facts)
    allocation.allocate(payment, invoice, invoice.open_cents, "Inès Caron")
    return payment


@contextmanager
def _papers(set_it: bool) -> Iterator[None]:
    """Nearly every test needs a document and not its paper, which takes a tenth of a second to set."""
    if set_it:
        yield
        return
    with stand_in_papers():
        yield


@contextmanager
def stand_in_papers() -> Iterator[None]:
    """Documents issued meanwhile bear their number alone."""
    with mock.patch.object(drafts, "papers", lambda number, _: {form: number.encode() for form in Form}):
        yield


def documents(people: SimpleNamespace, titles: SimpleNamespace, set_it: bool = False) -> SimpleNamespace:
    """F1 to F4, F9 and A1 (journeys.md), in the order in which they were issued."""
    ours, day = people.grand_large, dt.date
    f2 = invoice(ours, (titles.t2, 5), issued_on=day(2024, 11, 22), set_it=set_it)
    f1 = invoice(ours, (titles.t1, 4), issued_on=day(2024, 11, 23), set_it=set_it)
    f3 = invoice(ours, (titles.t1, 10), issued_on=day(2026, 3, 10), set_it=set_it)
    for paid, on in ((f2, day(2025, 1, 30)), (f1, day(2025, 1, 31)), (f3, day(2026, 5, 29))):
        pay(paid, on)
    a1 = credit_note(f3, 3, issued_on=day(2026, 6, 5), set_it=set_it)
    f4 = invoice(ours, (titles.t5, 6), issued_on=day(2026, 9, 15), collected=True, set_it=set_it)
    f9 = invoice(people.quais, (titles.t1, 2), issued_on=day(2026, 10, 1), set_it=set_it)
    db.session.commit()
    return SimpleNamespace(f1=f1, f2=f2, f3=f3, f4=f4, f9=f9, a1=a1)


def thread(
    writer: User, service: Service = Service.SALES, body: str = "Bonjour, une question.", **details: Any
) -> Thread:
    """A bookseller's message as the contact form leaves it."""
    facts: dict[str, Any] = {"subject": "autres", "title": "Autres (coordonnées…)"}
    row = conversations.open_thread(Writer.of(writer), service, body=body, **(facts | details))
    db.session.commit()
    return row


def quote(by: User, *lines: tuple[Title, int], **asked: Any) -> Quote:
    """A request for a quote as the cart's page sends it: for a book fair and ninety days, unless said."""
    account = by.account
    assert account is not None
    cart = carts.open_cart(account.id)
    carts.add(cart, dict(lines), by)
    facts: dict[str, Any] = {
        "event_kind": EventKind.FAIR,
        "event_name": "Salon du livre de Nantes",
        "event_on": dt.date(2026, 12, 12),
        "discount_bp": 4000,
        "term": account.payment_term.extended_to(90),
        "comment": "Stand 12.",
    }
    shown = checked.taken_down(carts.overview(cart, account, clock.now()))
    made = requesting.request(cart, by, Ask(**(facts | asked)), version=cart.version, shown=shown)
    db.session.commit()
    return made


def offer(quote: Quote, by: User, discount_bp: int = 4000, **said: Any) -> Offer:
    """What sales answer: every line at this discount, ninety days, open until the 4th of December."""
    facts: dict[str, Any] = {
        "granted": [Granted(line, line.quantity, discount_bp) for line in quote.lines],
        "term": quote.payment_term.extended_to(90),
        "valid_until": dt.date(2026, 12, 4),
        "text": "Bon salon.",
    }
    made = offering.offer(quote, Proposal(**(facts | said)), by, seen=quote.version)
    db.session.commit()
    return made
