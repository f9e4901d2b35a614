"""Letters of sanctions that reached no member of the steering group: found, and sent on to who has the seat.

Source: docs/rules.md section 6: of a sanction the partner's steering group member is told.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from orgs import access, clock, notices
from orgs.models import Organisation, Seat, User
from orgs.models.dated import in_force
from orgs.roles import Body, Capability, SeatKind
from sanctions.letters.writing import held_by
from sanctions.models import Letter, LetterCopy

_BODY = [Body.STEERING_GROUP]


def unreached() -> list[Letter]:
    """Return the letters of sanctions that no member of the steering group got, the newest first."""
    letters = Letter.objects.filter(kind=Letter.Kind.SANCTION, copies=None).defer("pdf", "blocks")
    rows = letters.select_related("partner").order_by("-year", "-number")
    return [letter for letter in rows if not _reached(letter)]


def _reached(letter: Letter) -> bool:
    with translation.override(letter.language):
        body = str(Body.STEERING_GROUP.label)
    return any(one["as"].startswith(body) for one in letter.recipients)


def members_of(partner: Organisation) -> list[User]:
    """Return the partner's members in the steering group today."""
    seats = Seat.objects.filter(
        in_force(clock.today()), organisation=partner, body=Body.STEERING_GROUP, kind=SeatKind.MEMBER,
        user__is_active=True,
    )  # fmt: skip
    return [seat.user for seat in seats.select_related("user").order_by("pk")]


@transaction.atomic
def send_on(letter: Letter, *, by: User) -> list[LetterCopy]:
    """Send a letter, as it is, to the partner's members in the steering group of today.

    Raises PermissionDenied for all but the project manager, ValidationError where there is nobody to send
    it to, or it has reached a member.
    """
    access.require(by, Capability.DECIDE_SANCTIONS)
    locked = Letter.objects.select_for_update(no_key=True).defer("pdf").get(pk=letter.pk)
    if locked.kind != Letter.Kind.SANCTION or locked.copies.exists() or _reached(locked):
        raise ValidationError(_("The letter has reached a member of the steering group."))
    people = members_of(locked.partner)
    if not people:
        raise ValidationError(
            _("%(partner)s has no member in the steering group. Have the seat given to someone first.")
            % {"partner": locked.partner}
        )
    made = []
    for person in people:
        with translation.override(locked.language):
            held = held_by(person, locked.partner, _BODY)
        told = {"name": person.get_full_name(), "held": held, "sent_by": by.get_full_name()}
        made.append(LetterCopy.objects.create(letter=locked, at=clock.now(), **told))
        notices.tell("letter", person, letter=locked.pk, case=locked.case_id)
    return made
