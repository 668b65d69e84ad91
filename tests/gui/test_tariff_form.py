"""The editor's texts: any of them are a tariff or a sentence at a field, never an exception."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from tests.gui.tariffs import some_tariffs
from vending_app.domain.tariff import TAXABLE, Rounding, TariffField
from vending_app.ui.tariffs.tariff_form import MISSING, TariffForm, TaxText, form_of, understood

TODAY, DAY = date(2025, 11, 14), date(2026, 8, 1)
typed = some.one_of(some.text(max_size=14), some.from_regex(r"\A[0-9]{0,7}[.,]?[0-9]{0,3}\Z"))
pairs = some.lists(some.tuples(typed, typed), max_size=5).map(tuple)
forms = some.builds(
    TariffForm,
    code=typed,
    name=typed,
    valid_from=typed,
    steps=some.lists(some.tuples(typed, typed), min_size=1, max_size=5).map(tuple),
    levies=pairs,
    taxes=some.lists(
        some.builds(TaxText, name=typed, rate=typed, on=some.frozensets(some.sampled_from(sorted(TAXABLE)))), max_size=3
    ).map(tuple),
    fixed=typed,
    minimum=typed,
    maximum=typed,
    rounding=some.sampled_from(Rounding),
    card_fee=typed,
    connection_fee=typed,
)


@given(forms)
def test_any_text_is_a_tariff_or_a_sentence(form: TariffForm) -> None:
    meant = understood(form, [], today=TODAY)
    assert meant.tariff is not None or meant.wrong
    assert all(said.endswith(".") for said in meant.wrong.values())


def test_what_stands_in_the_books_is_typed_and_understood_the_same() -> None:
    for life in some_tariffs().lives:
        tariff = life.versions[0].tariff
        meant = understood(form_of(tariff, valid_from=DAY), [], today=TODAY)
        assert not meant.wrong
        assert meant.tariff is not None
        assert form_of(meant.tariff, valid_from=DAY) == form_of(tariff, valid_from=DAY)
        assert (meant.tariff.steps, meant.tariff.taxes, meant.tariff.valid_from) == (tariff.steps, tariff.taxes, DAY)


def test_an_empty_form_names_all_that_is_missing() -> None:
    meant = understood(TariffForm(), [], today=TODAY)
    asked = {TariffField.CODE, TariffField.NAME, TariffField.VALID_FROM, TariffField.STEP_PRICE}
    asked |= {TariffField.MINIMUM, TariffField.MAXIMUM}
    assert {field for (field, _), said in meant.wrong.items() if said == MISSING} == asked
