"""The demonstration's catalogue as the publisher would send it: one ONIX 3.0 message, and the stock."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from flask import current_app

from harmattan.core import money
from harmattan.demo.books import Book

BOOK_VAT_BP = 550


def write(books: Iterable[Book], file: Path, sent_at: dt.datetime) -> None:
    """Write the message record by record."""
    template = current_app.jinja_env.get_template("demo/onix.xml")
    with file.open("w", encoding="utf-8") as target:
        target.writelines(template.generate(books=books, sent_at=sent_at, prices=_prices, taxable=_taxable))


def write_stock(books: Iterable[Book], file: Path) -> None:
    """The warehouse's file: ISBN;quantity."""
    file.write_text("".join(f"{book.isbn};{book.stock}\n" for book in books), encoding="utf-8")


def _prices(book: Book) -> list[tuple[int, dt.date | None]]:
    """(cents, from when on) of the price of now and of the one to come."""
    later = [(book.new_price[1], book.new_price[0])] if book.new_price else []
    return [(book.price_cents, None), *later]


def _taxable(price_cents: int) -> str:
    return str(money.euros(money.net_of_tax(price_cents, BOOK_VAT_BP)))
