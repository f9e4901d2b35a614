"""The forms of policy workshops: planning one, writing its texts, and recording it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs import clock
from orgs.models import Organisation
from orgs.pages.action_form import day_field, text_box
from sanctions import neglects
from sanctions.actions.meetings import There
from sanctions.actions.workshops import Held
from sanctions.models import Attendance, Meeting
from sanctions.models.meeting import LONGEST_TEXT

Presence = Attendance.Presence


class PlanForm(forms.Form):
    """The day of a workshop, and whose turn it is."""

    on = day_field(label=gettext_lazy("Day"), required=True)
    facilitator = forms.ChoiceField(label=gettext_lazy("Whose turn it is"))

    def __init__(self, partners: list[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = {one.external_id: one for one in partners}
        _choose(self, self.partners)

    @property
    def chosen(self) -> Organisation:
        """Return the partner."""
        return self.partners[self.cleaned_data["facilitator"]]


class TextForm(forms.Form):
    """The material before a workshop, or the notes after it."""

    text = forms.CharField(max_length=LONGEST_TEXT, required=False, widget=forms.Textarea({"rows": 14}))

    def __init__(self, label: str, helps: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = label, helps


class WorkshopForm(forms.Form):
    """A workshop that was held or neglected: whose turn it was, and who was there for each partner."""

    on = day_field(label=gettext_lazy("Day"))
    facilitator = forms.ChoiceField(label=gettext_lazy("Whose turn it was"))
    facilitated = forms.ChoiceField(
        label=gettext_lazy("Was it held?"),
        choices=[("yes", gettext_lazy("Held")), ("no", gettext_lazy("The facilitator neglected it"))],
        widget=forms.RadioSelect(),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)
    reason = text_box(gettext_lazy("Why the record is mended"))

    def __init__(self, meeting: Meeting | None, data: Any = None) -> None:
        day = meeting.on if meeting else clock.today()
        initial: dict[str, Any] = {"on": day}
        if meeting is not None:
            initial |= {"facilitator": meeting.host.external_id, "note": meeting.note}
            if not meeting.is_planned:
                initial["facilitated"] = "yes" if meeting.facilitated else "no"
        super().__init__(data, initial=initial)
        if meeting is None or meeting.is_planned:
            del self.fields["reason"]
        partners = neglects.partners_on(day)
        self.partners = {one.external_id: one for one in partners}
        _choose(self, self.partners)
        rows = {row.partner_id: row for row in meeting.attendance.all()} if meeting else {}
        for one in partners:
            row = rows.get(one.pk)
            self.fields[f"presence-{one.pk}"] = forms.ChoiceField(
                label=_("%(partner)s was there by") % {"partner": one},
                choices=[(kind.value, kind.label) for kind in (Presence.CONTACT, Presence.ABSENT)],
                widget=forms.RadioSelect(),
                required=False,
                initial=row.presence if row else None,
            )
            self.fields[f"note-{one.pk}"] = forms.CharField(
                label=_("Note"), max_length=500, required=False, initial=row.note if row else ""
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return each partner with its boxes."""
        return [
            {
                "partner": one,
                "presence": self[f"presence-{one.pk}"],
                "boxes": [self[f"note-{one.pk}"]],
            }
            for one in self.partners.values()
        ]

    def clean(self) -> dict[str, Any]:
        """Ask who was there where the workshop was held."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("facilitated") == "yes":
            for one in self.partners.values():
                if not given.get(f"presence-{one.pk}"):
                    self.add_error(f"presence-{one.pk}", _("Tell whether a contact person was there."))
        return given

    def held(self) -> Held:
        """Return what is recorded."""
        given = self.cleaned_data
        there = {
            one: There(Presence(given[f"presence-{one.pk}"]), note=given[f"note-{one.pk}"])
            for one in self.partners.values()
            if given[f"presence-{one.pk}"]
        }
        return Held(given["facilitated"] == "yes", there, given["note"])


def _choose(form: forms.Form, partners: dict[str, Organisation]) -> None:
    chooser = form.fields["facilitator"]
    assert isinstance(chooser, forms.ChoiceField)
    chooser.choices = [(key, str(one)) for key, one in partners.items()]
