"""Who is responsible for a service: told for any day, and set by actions of its own.

The responsible partner is no field of the content: who writes public information would choose who
publishes it and who is fined (docs/rules.md, "Responsibility").
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils.translation import gettext as _

from orgs import access as positions
from orgs import clock, jobs
from orgs.access import NotAllowed
from orgs.actors import Actor, System, person_and_system
from orgs.models import Organisation, User
from orgs.roles import Capability, Relation
from services import access, publishing
from services.models import Responsibility, Service, Transfer, partner_on, responsible_on

# Sent with `service` when another partner than before is the one of today, in that transaction.
followed = Signal()


@transaction.atomic
def assign(
    service: Service,
    partner: Organisation,
    *,
    basis: str,
    starts_on: datetime.date,
    decision: str,
    by: Actor,
) -> Responsibility:
    """Make a partner responsible from a day on, on a decision.

    Raises PermissionDenied for others than those who set responsibility, ValidationError with what
    is wrong. A day to come takes effect on that day (`follow`).
    """
    locked = _locked(service)
    if not access.may(by, Capability.SET_RESPONSIBILITY, locked):
        raise NotAllowed(Capability.SET_RESPONSIBILITY)
    check(partner, basis, decision)
    return add(locked, partner, basis=basis, starts_on=starts_on, decision=decision, by=by)


@transaction.atomic
def begin(service: Service, partner: Organisation, *, basis: str, decision: str, by: User) -> Responsibility:
    """Make a new service's first responsibility: the creator's own partner.

    A provider proposes one of the partners it works with: see `propose`.
    """
    locked = _locked(service)
    _check_creator(locked, partner, by)
    check(partner, basis, decision)
    return add(locked, partner, basis=basis, starts_on=clock.today(), decision=decision, by=by)


@transaction.atomic
def propose(service: Service, partner: Organisation, *, provider: Organisation, by: User) -> Responsibility:
    """Propose a partner that the provider works with; its first review accepts or passes it on."""
    locked = _locked(service)
    _check_creator(locked, provider, by)
    if not provider.partners.filter(pk=partner.pk).exists():
        raise ValidationError({"partner": _("Choose one of the partners that the provider works with.")})
    return add(locked, partner, basis="", starts_on=clock.today(), decision="", by=by)


@transaction.atomic
def accept(service: Service, *, basis: str, decision: str, by: User) -> Responsibility:
    """Take on what a provider proposed; raises ValidationError where nothing is proposed."""
    locked, proposed = _proposed(service, by)
    return add(locked, proposed.partner, basis=basis, starts_on=proposed.starts_on, decision=decision, by=by)


@transaction.atomic
def pass_on(service: Service, partner: Organisation, *, by: User) -> Responsibility:
    """Propose another partner in place of one's own; it has the service to review from now on."""
    locked, proposed = _proposed(service, by)
    if partner.pk == proposed.partner_id:
        raise ValidationError({"partner": _("Choose another partner than your own.")})
    _check_partner(partner)
    return add(locked, partner, basis="", starts_on=clock.today(), decision="", by=by)


def _proposed(service: Service, by: User) -> tuple[Service, Responsibility]:
    locked = _locked(service)
    if not access.may(by, Capability.PUBLISH, locked):
        raise NotAllowed(Capability.PUBLISH)
    proposed = responsible_on(locked, clock.today())
    if proposed is None or not proposed.is_proposal:
        raise ValidationError(_("The responsible partner has been settled already."))
    return locked, proposed


def _check_creator(service: Service, organisation: Organisation, by: User) -> None:
    """Refuse all but the creator, in the creator's own organisation, and only the first time."""
    own = {Relation.OWN: {organisation.pk}}
    if service.responsibilities.exists() or not positions.may(by, Capability.CREATE_SERVICE, own):
        raise NotAllowed(Capability.CREATE_SERVICE)


def check(partner: Organisation, basis: str, decision: str) -> None:
    """Raise ValidationError for a partner that can't be responsible, or a reason that is not one."""
    _check_partner(partner)
    _check_grounds(basis, decision)


def _check_partner(partner: Organisation) -> None:
    if partner.kind != Organisation.Kind.PARTNER or partner.closed_on is not None:
        raise ValidationError({"partner": _("Choose a partner of the agreement.")})


def _check_grounds(basis: str, decision: str) -> None:
    """Refuse a responsibility without its basis and decision: that would be a mere proposal."""
    if not basis:
        raise ValidationError({"basis": _("Choose why the partner is responsible.")})
    if not decision.strip():
        raise ValidationError({"decision": _("Write the decision that this rests on.")})


def _locked(service: Service) -> Service:
    return Service.objects.select_for_update().get(pk=service.pk)


def add(
    service: Service,
    partner: Organisation,
    *,
    basis: str,
    starts_on: datetime.date,
    decision: str,
    by: Actor,
    transfer: Transfer | None = None,
    pages: bool = True,
) -> Responsibility:
    """Write a row of a service that the caller has locked, for who may, and let the service follow it.

    Without `pages` the public ones wait for the caller.
    """
    person, system = person_and_system(by)
    made = Responsibility(
        service=service, partner=partner, basis=basis, starts_on=starts_on, decision=decision.strip(),
        set_at=clock.now(), set_by=person, set_as=system, transfer=transfer,
    )  # fmt: skip
    made.full_clean()
    made.save()
    _follow(service, pages=pages)
    return made


def _follow(service: Service, *, pages: bool = True) -> bool:
    """Let the service's column and its pages name the partner of today; tell whether it was another."""
    today = responsible_on(service, clock.today())
    partner = today.partner_id if today else None
    if service.responsible_partner_id == partner:
        return False
    service.responsible_partner_id = partner
    service.save(update_fields=["responsible_partner"])
    access.end_internal_delegations(service)
    followed.send(Responsibility, service=service)
    shown = pages and service.status == Service.Status.PUBLISHED
    if shown and (version := publishing.newest_version(service)):
        version.service = service
        publishing.refresh([version])
    return True


def follow() -> int:
    """Let all services follow what takes effect today; return how many changed. Twice changes nothing."""
    behind = Service.objects.annotate(now=partner_on(clock.today())).filter(now__isnull=False)
    found = behind.exclude(responsible_partner=F("now")).order_by("pk")
    return sum(jobs.each("responsibility", found, lambda service: _follow(_locked(service))))


@transaction.atomic
def take_over(service: Service, rows: list[dict[str, str]]) -> bool:
    """Add those rows of a file that are not here yet; tell whether there were any."""
    here = {
        (row.partner.external_id, row.basis, row.starts_on.isoformat(), row.decision)
        for row in service.responsibilities.select_related("partner")
    }
    added = False
    for row in rows:
        wanted = (row["partner"], row.get("basis", ""), row["from"], row.get("decision", ""))
        if wanted not in here:
            add(
                _locked(service),
                Organisation.objects.get(external_id=row["partner"]),
                basis=wanted[1],
                starts_on=datetime.date.fromisoformat(row["from"]),
                decision=wanted[3],
                by=System.IMPORT,
            )
            added = True
    return added
