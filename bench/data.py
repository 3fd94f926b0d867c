"""What is measured upon: a catalogue as its ONIX message, accounts, orders and carts by bulk inserts."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from stdnum import ean

from harmattan import create_app
from harmattan.access.models import Account, User
from harmattan.cart.models import Cart, CartLine
from harmattan.catalogue.models import Title
from harmattan.core import clock, migrations
from harmattan.core.extensions import db
from harmattan.core.places import Territory
from harmattan.deliveries.rules import DeliveryMode
from harmattan.demo import books, onix_file
from harmattan.orders.models import Order, OrderLine
from tests import cast

MIGRATIONS = str(Path(__file__).parents[1] / "migrations")
ANNE, PAUL = "anne@grandlarge.example", "paul@quais.example"
LINES_AN_ORDER = 3


def migrate(folder: Path) -> None:
    """The instance's database as the code wants it."""
    app = create_app(instance_path=str(folder))
    with app.app_context():
        migrations.bind(app)
        flask_migrate.upgrade(MIGRATIONS)


def prepare(folder: Path) -> None:
    """A migrated instance with the journeys' people and tariffs."""
    migrate(folder)
    app = create_app(instance_path=str(folder))
    with app.app_context():
        cast.everybody()
        cast.tariffs(clock.today() - dt.timedelta(days=1))
        db.session.commit()


def write_onix(folder: Path, file: Path, count: int) -> None:
    """An ONIX message of so many invented records."""
    app = create_app(instance_path=str(folder))
    with app.app_context():
        onix_file.write(_books(count), file, clock.now())


def _books(count: int) -> Iterator[books.Book]:
    invented = books.everything(clock.today())
    for number in range(count):
        body = f"97823{number:07}"
        book = invented[number % len(invented)]
        title = (
            book.title if number < len(invented) else f"{book.title}, {invented[number // 7 % 3000].title}"
        )
        yield replace(book, isbn=body + ean.calc_check_digit(body), title=title[:200])


def stock(folder: Path) -> None:
    """The warehouse has copies of everything: what is measured is the usual line of a cart."""
    app = create_app(instance_path=str(folder))
    with app.app_context():
        db.session.execute(sa.update(Title).values(stock=10_000))
        db.session.commit()


def isbns(folder: Path, count: int) -> list[str]:
    """ISBN of titles that can be ordered."""
    app = create_app(instance_path=str(folder))
    with app.app_context():
        orderable = sa.select(Title.isbn).where(
            Title.availability == "available", Title.price_cents.is_not(None)
        )
        return list(db.session.scalars(orderable.order_by(Title.id).limit(count)))


def queries(folder: Path, count: int) -> list[str]:
    """What people search for: words of titles, beginnings of words, authors."""
    app = create_app(instance_path=str(folder))
    with app.app_context():
        rows = db.session.execute(
            sa.select(Title.title, Title.authors).order_by(Title.id).limit(count * 7)
        ).all()
    words: list[str] = []
    for position, (title, authors) in enumerate(rows[::7]):
        long = [word for word in title.replace("’", " ").split() if len(word) > 4] or [title]
        word = long[position % len(long)]
        words.append((word, word[:4], authors.split(",")[0], " ".join(long[:2]))[position % 4])
    return words


def orders(folder: Path, count: int) -> None:
    """So many orders on Anne's account, over three years."""
    app = create_app(instance_path=str(folder))
    with app.app_context():
        anne = db.session.scalars(sa.select(User).where(User.email == ANNE)).one()
        titles = db.session.scalars(sa.select(Title).limit(200)).all()
        first = clock.now() - dt.timedelta(days=1000)
        placed = [
            _order(anne, number, first + dt.timedelta(days=1000 * number / count)) for number in range(count)
        ]
        ids = list(
            db.session.scalars(sa.insert(Order).returning(Order.id, sort_by_parameter_order=True), placed)
        )
        lines = [
            _order_line(anne, order_id, titles[(order_id * 7 + n) % len(titles)])
            for order_id in ids
            for n in range(LINES_AN_ORDER)
        ]
        db.session.execute(sa.insert(OrderLine), lines)
        db.session.commit()


def _order(anne: User, number: int, at: dt.datetime) -> dict[str, object]:
    return {
        "reference": f"CMD-{at.year}-{900000 + number}", "account_id": anne.account_id,
        "placed_by_id": anne.id,
        "placed_at": at, "status_since": at, "own_reference": f"REF {number}", "mode": DeliveryMode.STANDARD,
        "territory": Territory.MAINLAND, "address": anne.account.place,
        "discount_bp": 3600, "payment_term": cast.SIXTY_DAYS, "goods_cents": 5000,
        "carriage_cents": 590,
        "vat": [], "gross_cents": 5897, "line_count": LINES_AN_ORDER, "copy_count": 6, "weight_g": 1900,
    }  # fmt: skip


def _order_line(anne: User, order_id: int, title: Title) -> dict[str, object]:
    return {
        "order_id": order_id, "account_id": anne.account_id, "title_id": title.id, "isbn": title.isbn,
        "title": title.title, "authors": title.authors, "quantity": 2, "backorder_policy": "note",
        "availability": title.availability, "price_cents": 2500, "product_vat_bp": 550, "vat_bp": 550,
        "discount_bp": 3600, "net_unit_micros": 15_168_000, "line_cents": 3034, "weight_g": 640,
    }  # fmt: skip


def cart(folder: Path, email: str, isbns_: Sequence[str]) -> None:
    """The open cart of this person's account holds exactly these titles."""
    app = create_app(instance_path=str(folder))
    with app.app_context():
        user = db.session.scalars(sa.select(User).where(User.email == email)).one()
        account = db.session.get_one(Account, user.account_id)
        open_cart = db.session.scalar(
            sa.select(Cart).where(Cart.account_id == account.id, Cart.state == "open")
        )
        if open_cart is None:
            open_cart = Cart(account_id=account.id)
            db.session.add(open_cart)
            db.session.flush()
        db.session.execute(sa.delete(CartLine).where(CartLine.cart_id == open_cart.id))
        titles = db.session.scalars(sa.select(Title).where(Title.isbn.in_(isbns_))).all()
        rows = [_cart_line(open_cart, title, user) for title in titles]
        db.session.execute(sa.insert(CartLine), rows)
        open_cart.line_count = len(rows)
        db.session.commit()


def _cart_line(open_cart: Cart, title: Title, user: User) -> dict[str, object]:
    return {
        "cart_id": open_cart.id, "title_id": title.id, "quantity": 1, "backorder_policy": "note",
        "price_cents": title.price_cents, "vat_bp": title.vat_bp, "line_cents": 1000,
        "weight_g": title.weight_g or 300, "added_by": user.name, "added_at": clock.now(),
    }  # fmt: skip
