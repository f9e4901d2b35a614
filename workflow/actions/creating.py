"""A new service: its first words, its organisation, who answers for it, and the run that carries it."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from orgs import access, clock
from orgs.localised import SOURCE_LANGUAGE
from orgs.models import Organisation, User
from orgs.roles import Capability, organisations_of
from services import responsibility, working_copy
from services.documents import text
from services.fields import Audience
from services.models import Service
from services.names import free_key
from workflow import pairs
from workflow.actions import runs
from workflow.models import Run, Updater

_LONGEST = 90  # of an address, so that a number still fits


def creators(user: User) -> list[Organisation]:
    """Return the organisations for which a person may make services."""
    through = organisations_of(Capability.CREATE_SERVICE, access.positions(user))
    organisations = Organisation.objects.open().filter(kind__in=Organisation.PUBLIC_KINDS)
    return list(organisations if through is None else organisations.filter(pk__in=through))


@transaction.atomic
def create(
    organisation: Organisation,
    *,
    names: Mapping[str, str],
    partner: Organisation,
    basis: str = "",
    decision: str = "",
    by: User,
) -> Run:
    """Make a service that `organisation` organises and produces; return the run that carries its draft.

    Who creates it is its provider's half, until another is named; of a partner's own service both halves.
    A partner answers for what it makes itself, on a basis and a decision; a provider proposes one of
    the partners it works with. Raises PermissionDenied, ValidationError or BadChanges, having made
    nothing. Source: docs/rules.md sections 3 and 11.
    """
    access.require(by, Capability.CREATE_SERVICE, access.own(organisation))
    if organisation.closed_on is not None or organisation.kind == Organisation.Kind.PROJECT:
        raise PermissionDenied
    if not names.get(SOURCE_LANGUAGE, "").strip():
        raise ValidationError({"name": _("Write the name in Finnish. Other languages fall back to it.")})
    address = free_key(names[SOURCE_LANGUAGE], _is_taken, longest=_LONGEST, otherwise="palvelu")
    words = {text(Audience.PUBLIC, language, "name"): name for language, name in names.items()}
    own = organisation.external_id
    parties = {("public", "organiser"): own, ("public", "producers"): [own]}
    service = working_copy.create(address, address, by=by, wanted=words | parties)
    _settle(service, organisation, partner, basis, decision, by)
    service.refresh_from_db()
    for half in Updater.Half:
        pairs.begin(service, half, by)
    return runs.open_run(service, by=by)


def _settle(
    service: Service, organisation: Organisation, partner: Organisation, basis: str, decision: str, by: User
) -> None:
    """Write who is responsible; ICT, who creates for others, sets it outright."""
    if access.may(by, Capability.SET_RESPONSIBILITY):
        responsibility.assign(
            service, partner, basis=basis, starts_on=clock.today(), decision=decision, by=by
        )
    elif organisation.kind == Organisation.Kind.PARTNER:
        if partner != organisation:
            raise ValidationError({"partner": _("A partner answers for what it makes itself.")})
        responsibility.begin(service, partner, basis=basis, decision=decision, by=by)
    else:
        responsibility.propose(service, partner, provider=organisation, by=by)


def _is_taken(address: str) -> bool:
    return Service.objects.filter(Q(slug=address) | Q(external_id=address)).exists()
