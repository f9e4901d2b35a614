"""What agreements said holds from their first day on, with the history of how it came to say so."""

from typing import Any

from django.db import migrations

_KEPT = ("decision", "decided_on", "starts_on", "terms")
_OF_HISTORY = ("history_date", "history_change_reason", "history_type", "history_user_id")


def carry(apps: Any, _editor: Any) -> None:
    """Make a row of terms for each agreement, and hang its shares on it."""
    agreements, agreed = apps.get_model("orgs", "Agreement"), apps.get_model("orgs", "AgreedTerms")
    shares, earlier = apps.get_model("orgs", "CostShare"), apps.get_model("orgs", "HistoricalAgreement")
    past = apps.get_model("orgs", "HistoricalAgreedTerms")
    earlier_shares = apps.get_model("orgs", "HistoricalCostShare")
    for one in agreements.objects.all():
        made = agreed.objects.create(agreement=one, **{name: getattr(one, name) for name in _KEPT})
        shares.objects.filter(agreement=one).update(agreed=made)
        earlier_shares.objects.filter(agreement_id=one.pk).update(agreed_id=made.pk)
        past.objects.bulk_create(
            past(
                id=made.pk,
                agreement_id=one.pk,
                **{name: getattr(row, name) for name in _KEPT + _OF_HISTORY},
            )
            for row in earlier.objects.filter(id=one.pk).order_by("history_date", "history_id")
        )


class Migration(migrations.Migration):
    """Carries terms, shares and their history over."""

    dependencies = [
        ("orgs", "0005_agreed_terms"),
    ]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
