"""Fields that read what people type."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from harmattan.core.forms import Form, PercentField


class RateForm(Form):
    rate = PercentField("Remise")


def read(app: Flask, typed: str) -> RateForm:
    with app.test_request_context("/"):
        return RateForm(MultiDict({"rate": typed}))


@pytest.mark.parametrize(
    ("typed", "basis_points"),
    [
        ("33", 3300),
        ("33,5", 3350),
        (" 33.55 % ", 3355),
        ("0", 0),
        ("100 %", 10_000),
        ("5,05", 505),
        ("", None),
    ],
)
def test_a_rate_is_read_in_any_form(app: Flask, typed: str, basis_points: int | None) -> None:
    assert read(app, typed).rate.basis_points == basis_points


@pytest.mark.parametrize("typed", ["101", "-3", "trois", "33,555", "1e2", "٣٣"])
def test_what_is_no_rate_is_told_so_and_kept_as_typed(app: Flask, typed: str) -> None:
    with app.test_request_context("/", method="POST"):
        form = RateForm(MultiDict({"rate": typed}))
        assert not form.validate()
    assert form.rate.errors == ["Écrivez le taux en pour cent, entre 0 et 100, par exemple 33 ou 33,5"]
    assert form.rate.data == typed


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(basis_points=st.integers(0, 10_000))
def test_a_rate_that_is_shown_reads_as_itself(app: Flask, basis_points: int) -> None:
    with app.test_request_context("/"):
        shown = RateForm(MultiDict(), data={"rate": basis_points}).rate
    assert shown.basis_points == basis_points
    assert read(app, shown.data).rate.basis_points == basis_points
