"""Who may do what: docs/rules.md section 11, said once.

CAPABILITIES is the table. Everything not in it is refused. `allowed` reads it and knows nothing of
the database; pages and actions ask `orgs.access` and `services.access`.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import Enum, auto
from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A role that a membership gives; which kinds of organisation give it: ROLES_OF_KIND."""

    EXPERT = "expert", _("Expert")
    PRODUCER = "producer", _("Content producer")
    MAIN_USER = "main_user", _("Main user")
    COMMUNICATIONS_LEAD = "communications_lead", _("Communications lead")
    PROJECT_MANAGER = "project_manager", _("Project manager")
    ICT_SPECIALIST = "ict_specialist", _("ICT specialist")
    COMMUNICATIONS_OFFICER = "communications_officer", _("Communications officer")


# What a role is for, in a sentence; the table below says it exactly.
ALLOWS: dict[Role, str | Promise] = {
    Role.EXPERT: _("Reads the work instructions."),
    Role.PRODUCER: _("Writes services; in a city also their instructions, checks them and publishes."),
    Role.MAIN_USER: _("Invites people and gives them roles, names updaters, and may do what a writer does."),
    Role.COMMUNICATIONS_LEAD: _("Keeps the city's own pages and tells its people what is new."),
    Role.PROJECT_MANAGER: _(
        "Sees that the agreement is kept, decides on pauses and sanctions, sets the terms."
    ),
    Role.ICT_SPECIALIST: _("Keeps the system running; may change any service, and reads the user log."),
    Role.COMMUNICATIONS_OFFICER: _("Keeps the vocabularies and shared pages, and records meetings."),
}

ROLES_OF_KIND: dict[str, tuple[Role, ...]] = {
    "partner": (Role.EXPERT, Role.PRODUCER, Role.MAIN_USER, Role.COMMUNICATIONS_LEAD),
    "provider": (Role.PRODUCER, Role.MAIN_USER),
    "project": (Role.PROJECT_MANAGER, Role.ICT_SPECIALIST, Role.COMMUNICATIONS_OFFICER),
}


class Body(models.TextChoices):
    """A body of the agreement in which partners have seats."""

    WORKING_GROUP = "working_group", _("Working group")
    STEERING_GROUP = "steering_group", _("Steering group")


class SeatKind(models.TextChoices):
    """How a seat is held."""

    MEMBER = "member", _("Member")
    DEPUTY = "deputy", _("Deputy")


class Holder(NamedTuple):
    """Who holds a right: a role in a kind of organisation, a seat in a body, or half of a pair."""

    kind: str
    name: str


EXPERT = Holder("partner", Role.EXPERT)
PRODUCER = Holder("partner", Role.PRODUCER)
MAIN_USER = Holder("partner", Role.MAIN_USER)
COMMUNICATIONS_LEAD = Holder("partner", Role.COMMUNICATIONS_LEAD)
PROVIDER_PRODUCER = Holder("provider", Role.PRODUCER)
PROVIDER_MAIN_USER = Holder("provider", Role.MAIN_USER)
PROJECT_MANAGER = Holder("project", Role.PROJECT_MANAGER)
ICT = Holder("project", Role.ICT_SPECIALIST)
OFFICER = Holder("project", Role.COMMUNICATIONS_OFFICER)
WORKING_GROUP_MEMBER = Holder(Body.WORKING_GROUP, SeatKind.MEMBER)
WORKING_GROUP_DEPUTY = Holder(Body.WORKING_GROUP, SeatKind.DEPUTY)
STEERING_GROUP_MEMBER = Holder(Body.STEERING_GROUP, SeatKind.MEMBER)
STEERING_GROUP_DEPUTY = Holder(Body.STEERING_GROUP, SeatKind.DEPUTY)
UPDATER = Holder("pair", "updater")

PARTNER_ROLES = (EXPERT, PRODUCER, MAIN_USER, COMMUNICATIONS_LEAD)
PROVIDER_ROLES = (PROVIDER_PRODUCER, PROVIDER_MAIN_USER)
PROJECT_ROLES = (PROJECT_MANAGER, ICT, OFFICER)
STEERING_SEATS = (STEERING_GROUP_MEMBER, STEERING_GROUP_DEPUTY)
SEATS = (WORKING_GROUP_MEMBER, WORKING_GROUP_DEPUTY, *STEERING_SEATS)
EVERY_ROLE = (*PARTNER_ROLES, *PROVIDER_ROLES, *PROJECT_ROLES)


class Position(NamedTuple):
    """What a person holds today, and in which organisation."""

    holder: Holder
    organisation: int


class Relation(Enum):
    """How the organisation of a position must stand to the thing in question."""

    ANY = auto()  # no matter how
    OWN = auto()  # it is the organisation's own: the organisation itself, its people, its services
    RESPONSIBLE = auto()  # it is the partner responsible for the service
    PAIR = auto()  # it is one of the service's two updaters'
    AREA = auto()  # it is the partner in whose area the municipality lies


Relations = Mapping[Relation, Collection[int]]


class Capability(Enum):
    """A line of the table in docs/rules.md section 11."""

    READ_INTERNAL = auto()
    CREATE_SERVICE = auto()
    WRITE_PUBLIC = auto()  # also: submit for review, withdraw
    WRITE_INTERNAL = auto()
    WRITE_MUNICIPAL = auto()
    PUBLISH = auto()  # also: return, pause with a reason, send the extension notice
    DECIDE_PAUSES = auto()  # accept or refuse pauses and the longer track
    CONFIRM_VALID = auto()
    OUTDATE = auto()
    ARCHIVE = auto()  # also: restore
    NAME_UPDATERS = auto()
    SET_RESPONSIBILITY = auto()  # the responsible partner and its basis, once there is a service
    MANAGE_PEOPLE = auto()  # invite, change roles and seats, remove
    GIVE_PARTNER_MAIN_USER = auto()  # and take: the one role that partners don't give themselves
    GIVE_PROJECT_ROLE = auto()  # and take
    MANAGE_PLACES = auto()
    MANAGE_ORGANISATIONS = auto()  # add, close, name the first main user, change areas
    EDIT_VOCABULARIES = auto()  # also: content pages, banners
    EDIT_REGIONAL_PAGES = auto()
    ANNOUNCE = auto()
    SET_SEASONS = auto()
    READ_AGREEMENT = auto()  # its terms, cost shares, the members of the bodies
    SET_TERMS = auto()  # agreement terms, cost shares
    SEE_CASES = auto()  # also: ledger
    ANSWER_CASES = auto()  # of the own partner, in writing
    SEE_ATTENDANCE = auto()
    DECIDE_SANCTIONS = auto()  # propose, issue, exempt, close a remark; decide a sanction; credit
    RECORD_MEETINGS = auto()  # attendance, facilitation turns, handovers
    PREPARE_WORKSHOPS = auto()  # the own turn's: its material and notes
    CONFIRM_HANDOVER = auto()  # seats read and confirm their own
    OPEN_MOTION = auto()
    VOTE = auto()
    INVOICE = auto()
    KEEP_TOKENS = auto()  # of an organisation, for the interface; one's own has everyone
    SEE_STATISTICS = auto()
    SEE_SEARCH_FIGURES = auto()
    SEE_PIPELINE_FIGURES = auto()  # of all partners
    SEND_CHANGE_REQUEST = auto()
    TUNE_SEARCH = auto()  # synonyms; see why a result stands where it stands
    KEEP_ANSWERS = auto()  # how public pages are answered; have them made anew
    READ_USER_LOG = auto()  # "ICT sees everything technical" (section 1)
    KEEP_RUNNING = auto()  # and does what is technical: sends again, lets held work go on


def _to(relation: Relation, *holders: Holder) -> dict[Holder, Relation]:
    return dict.fromkeys(holders, relation)


_any, _own, _responsible = Relation.ANY, Relation.OWN, Relation.RESPONSIBLE
_PUBLISHERS = _to(_responsible, PRODUCER, MAIN_USER) | _to(_any, ICT)
_WRITERS = _PUBLISHERS | _to(_own, *PROVIDER_ROLES)

_OWN_CASES = (MAIN_USER, WORKING_GROUP_MEMBER, WORKING_GROUP_DEPUTY)

CAPABILITIES: Mapping[Capability, Mapping[Holder, Relation]] = {
    Capability.READ_INTERNAL: _to(_any, *PARTNER_ROLES, *PROJECT_ROLES),
    Capability.CREATE_SERVICE: _to(_own, PRODUCER, MAIN_USER, *PROVIDER_ROLES) | _to(_any, ICT),
    Capability.WRITE_PUBLIC: _WRITERS,
    Capability.WRITE_INTERNAL: _PUBLISHERS,
    Capability.WRITE_MUNICIPAL: _to(Relation.AREA, PRODUCER, MAIN_USER) | _to(_any, ICT),
    Capability.PUBLISH: _PUBLISHERS,
    Capability.DECIDE_PAUSES: _to(_any, PROJECT_MANAGER),
    Capability.CONFIRM_VALID: _to(_responsible, PRODUCER, MAIN_USER) | _to(Relation.PAIR, UPDATER),
    Capability.OUTDATE: _PUBLISHERS | _to(_own, PROVIDER_MAIN_USER),
    Capability.ARCHIVE: _to(_responsible, MAIN_USER) | _to(_any, ICT),
    Capability.NAME_UPDATERS: (
        _to(_responsible, MAIN_USER) | _to(_own, PROVIDER_MAIN_USER) | _to(_any, PROJECT_MANAGER, ICT)
    ),
    Capability.SET_RESPONSIBILITY: _to(_any, PROJECT_MANAGER, ICT),
    Capability.MANAGE_PEOPLE: _to(_own, MAIN_USER, PROVIDER_MAIN_USER) | _to(_any, *PROJECT_ROLES),
    Capability.GIVE_PARTNER_MAIN_USER: _to(_any, PROJECT_MANAGER, ICT),
    Capability.GIVE_PROJECT_ROLE: _to(_any, PROJECT_MANAGER),
    Capability.MANAGE_PLACES: _to(_own, MAIN_USER, PROVIDER_MAIN_USER) | _to(_any, ICT),
    Capability.MANAGE_ORGANISATIONS: _to(_any, PROJECT_MANAGER, ICT),
    Capability.EDIT_VOCABULARIES: _to(_any, ICT, OFFICER),
    Capability.EDIT_REGIONAL_PAGES: _to(_own, COMMUNICATIONS_LEAD) | _to(_any, ICT, OFFICER),
    Capability.ANNOUNCE: _to(_any, PROJECT_MANAGER, OFFICER) | _to(_own, COMMUNICATIONS_LEAD),
    Capability.SET_SEASONS: _to(_any, PROJECT_MANAGER),
    Capability.READ_AGREEMENT: _to(_any, MAIN_USER, *SEATS, *PROJECT_ROLES),
    Capability.SET_TERMS: _to(_any, PROJECT_MANAGER),
    Capability.SEE_CASES: _to(_own, *_OWN_CASES) | _to(_any, PROJECT_MANAGER, *STEERING_SEATS),
    Capability.ANSWER_CASES: _to(_own, MAIN_USER, *SEATS),
    Capability.SEE_ATTENDANCE: (
        _to(_own, *_OWN_CASES) | _to(_any, PROJECT_MANAGER, OFFICER, *STEERING_SEATS)
    ),
    Capability.DECIDE_SANCTIONS: _to(_any, PROJECT_MANAGER),
    Capability.RECORD_MEETINGS: _to(_any, PROJECT_MANAGER, OFFICER),
    Capability.PREPARE_WORKSHOPS: (
        _to(_own, WORKING_GROUP_MEMBER, WORKING_GROUP_DEPUTY) | _to(_any, PROJECT_MANAGER, OFFICER)
    ),
    Capability.CONFIRM_HANDOVER: _to(_own, *SEATS),
    Capability.OPEN_MOTION: _to(_any, PROJECT_MANAGER),
    Capability.VOTE: _to(_own, *SEATS),
    Capability.INVOICE: _to(_any, PROJECT_MANAGER),
    Capability.KEEP_TOKENS: _to(_own, MAIN_USER, PROVIDER_MAIN_USER) | _to(_any, ICT),
    Capability.SEE_STATISTICS: _to(_own, MAIN_USER, PROVIDER_MAIN_USER) | _to(_any, *PROJECT_ROLES),
    Capability.SEE_SEARCH_FIGURES: _to(_any, *PROJECT_ROLES),
    Capability.SEE_PIPELINE_FIGURES: _to(_any, *SEATS, *PROJECT_ROLES),
    Capability.SEND_CHANGE_REQUEST: _to(_any, *EVERY_ROLE),
    Capability.TUNE_SEARCH: _to(_any, ICT),
    Capability.KEEP_ANSWERS: _to(_any, ICT),
    Capability.READ_USER_LOG: _to(_any, ICT),
    Capability.KEEP_RUNNING: _to(_any, ICT),
}

# Who holds one of these only reads: no second factor is asked for, and the session may last long.
READING = frozenset(
    {
        Capability.READ_INTERNAL,
        Capability.READ_AGREEMENT,
        Capability.SEE_CASES,
        Capability.SEE_ATTENDANCE,
        Capability.SEE_STATISTICS,
        Capability.SEE_SEARCH_FIGURES,
        Capability.SEE_PIPELINE_FIGURES,
        Capability.SEND_CHANGE_REQUEST,
        Capability.READ_USER_LOG,
    }
)


def allowed(
    capability: Capability, positions: Iterable[Position], relations: Relations | None = None
) -> bool:
    """Tell whether one of `positions` gives `capability` over what stands in `relations`.

    `relations` names the organisations (by id) that stand to the thing in each relation; without
    it only a right over everything counts. Source: docs/rules.md section 11.
    """
    holders = CAPABILITIES[capability]
    for position in positions:
        relation = holders.get(position.holder)
        if relation is Relation.ANY:
            return True
        if relation and relations and position.organisation in relations.get(relation, ()):
            return True
    return False


def organisations_of(capability: Capability, positions: Iterable[Position]) -> set[int] | None:
    """Return the organisations through which `positions` give `capability`; None for all there are."""
    holders = CAPABILITIES[capability]
    found: set[int] = set()
    for position in positions:
        relation = holders.get(position.holder)
        if relation is Relation.ANY:
            return None
        if relation is not None:
            found.add(position.organisation)
    return found


def changes_things(positions: Iterable[Position]) -> bool:
    """Tell whether someone with `positions` may edit, publish, decide or manage anything at all.

    Those need a second factor (docs/rules.md section 10).
    """
    held = {position.holder for position in positions}
    return any(
        not held.isdisjoint(holders)
        for capability, holders in CAPABILITIES.items()
        if capability not in READING
    )
