"""Amounts of money in words, in the language of the page."""

from decimal import Decimal

from babel.numbers import format_currency

from orgs.localised import page_language


def euros(amount: Decimal) -> str:
    """Return an amount in euros: 1 000 €, 412,50 €, €412.50; cents only where there are some."""
    whole = amount == amount.to_integral_value()
    digits = "#,##0" if whole else "#,##0.00"
    pattern = f"¤{digits}" if page_language() == "en" else f"{digits}\N{NO-BREAK SPACE}¤"
    text = format_currency(amount, "EUR", pattern, locale=page_language(), currency_digits=False)
    return str(text).replace("-", "\N{MINUS SIGN}")
