"""Who may open what: every address, every kind of person, one line each.

A line says how the address is asked for, who is let in, and what the others get. Visitors (and the
blocked, who are visitors to us) are led to signing in unless the line says otherwise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from orgs import factor_links
from services.uuids import SERVICE, uuid_of
from tests.security.cast import Cast

# People of the partner Espoo ("own"), of another partner ("foreign") and of two providers.
ANONYMOUS, BLOCKED, FORMER = "anonymous", "blocked", "former"
EXPERT, PRODUCER, MAIN_USER, LEAD = "expert", "producer", "main user", "communications lead"
WORKING, WORKING_DEPUTY = "working group member", "working group deputy"
STEERING, STEERING_DEPUTY = "steering group member", "steering group deputy"
FOREIGN_EXPERT, FOREIGN_PRODUCER = "foreign expert", "foreign producer"
FOREIGN_MAIN_USER, FOREIGN_LEAD = "foreign main user", "foreign communications lead"
PROVIDER_PRODUCER, PROVIDER_MAIN_USER = "provider's producer", "provider's main user"
FOREIGN_PROVIDER_PRODUCER = "foreign provider's producer"
FOREIGN_PROVIDER_MAIN_USER = "foreign provider's main user"
MANAGER, ICT, OFFICER = "project manager", "ICT specialist", "communications officer"

VISITORS = frozenset({ANONYMOUS, BLOCKED})
PARTNER = frozenset(
    {EXPERT, PRODUCER, MAIN_USER, LEAD, WORKING, WORKING_DEPUTY, STEERING, STEERING_DEPUTY}
    | {FOREIGN_EXPERT, FOREIGN_PRODUCER, FOREIGN_MAIN_USER, FOREIGN_LEAD}
)
PROVIDER = frozenset(
    {PROVIDER_PRODUCER, PROVIDER_MAIN_USER, FOREIGN_PROVIDER_PRODUCER, FOREIGN_PROVIDER_MAIN_USER}
)
PROJECT = frozenset({MANAGER, ICT, OFFICER})
SIGNED_IN = PARTNER | PROVIDER | PROJECT | {FORMER}
EVERYONE = SIGNED_IN | VISITORS
READS_INTERNAL = PARTNER | PROJECT
MANAGE_ESPOO = frozenset({MAIN_USER, MANAGER, ICT, OFFICER})
TECHNICAL = frozenset({MANAGER, ICT})
READS_AGREEMENT = PROJECT | {
    MAIN_USER, FOREIGN_MAIN_USER, WORKING, WORKING_DEPUTY, STEERING, STEERING_DEPUTY
}  # fmt: skip
KEEPS_WORDS = frozenset({ICT, OFFICER})
KEEPS_PLACES = frozenset({MAIN_USER, FOREIGN_MAIN_USER, PROVIDER_MAIN_USER, FOREIGN_PROVIDER_MAIN_USER, ICT})
# Those who write, publish or decide of any service at all.
DESK = frozenset(
    {PRODUCER, MAIN_USER, FOREIGN_PRODUCER, FOREIGN_MAIN_USER, MANAGER, ICT}
) | PROVIDER  # fmt: skip
CREATES = DESK - {MANAGER}
# Those who see Espoo's cases and its rows of the ledger, and those who see any at all.
ESPOO_CASES = frozenset({MAIN_USER, WORKING, WORKING_DEPUTY, STEERING, STEERING_DEPUTY, MANAGER})
CASES = ESPOO_CASES | {FOREIGN_MAIN_USER}
# Those who publish and write the service of the matrix, Espoo's and Kielisilta's.
PUBLISHES = frozenset({PRODUCER, MAIN_USER, ICT})
WRITES = PUBLISHES | {PROVIDER_PRODUCER, PROVIDER_MAIN_USER}

SIGN_IN = "sign in"  # a redirect to the page of signing in


@dataclass(frozen=True)
class Line:
    """One address: the arguments of its path, the method, who is let in and what everyone gets."""

    allowed: frozenset[str] = EVERYONE
    args: Callable[[Cast], tuple[object, ...]] = lambda _cast: ()
    method: str = "get"
    data: Callable[[Cast], dict[str, object]] = lambda _cast: {}
    granted: int = 200
    refused: int | str = 403
    visitor: int | str = SIGN_IN
    but: Mapping[str, int] = field(default_factory=dict)  # single persons with an answer of their own


def public(**more: object) -> Line:
    """Anyone may open it."""
    return Line(visitor=200, **more)  # type: ignore[arg-type]


def own_page(**more: object) -> Line:
    """Everyone who is signed in has one."""
    return Line(SIGNED_IN, **more)  # type: ignore[arg-type]


def no_one(**more: object) -> Line:
    """The address exists only to be refused."""
    return Line(frozenset(), refused=404, visitor=404, **more)  # type: ignore[arg-type]


def leads_on(**more: object) -> Line:
    """A page of signing in: those who are signed in are led on, visitors see it."""
    return Line(SIGNED_IN, granted=302, visitor=200, **more)  # type: ignore[arg-type]


def _espoo(_cast: Cast) -> tuple[object, ...]:
    return ("espoo",)


def _espoo_producer(cast: Cast) -> tuple[object, ...]:
    return ("espoo", cast.people[PRODUCER].pk)


def _espoo_invitation(cast: Cast) -> tuple[object, ...]:
    return ("espoo", cast.invitation.pk)


def _espoo_seat(cast: Cast) -> tuple[object, ...]:
    return ("espoo", cast.seat.pk)


def _slug(_cast: Cast) -> tuple[object, ...]:
    return ("kielikahvila",)


def _term(_cast: Cast) -> tuple[object, ...]:
    return ("need", "language_skills")


def _option(_cast: Cast) -> tuple[object, ...]:
    return ("statement", "given")


def _wording(cast: Cast) -> tuple[object, ...]:
    return ("statement", "given", cast.wording.pk)


def _place(cast: Cast) -> tuple[object, ...]:
    return (cast.place.external_id,)


def _transfer(cast: Cast) -> tuple[object, ...]:
    return (cast.transfer.pk,)


def _espoo_token(cast: Cast) -> tuple[object, ...]:
    return ("espoo", cast.access_token.pk)


def _token(cast: Cast) -> tuple[object, ...]:
    return (cast.token,)


# Experts of the cast have no second factor, and no one has recovery codes: there is nothing to show.
NO_FACTOR_404 = {EXPERT: 404, FOREIGN_EXPERT: 404}

MATRIX: dict[str, Line] = {
    # Without a language.
    "health": public(),
    **{
        f"{place}:{name}": public(args=args)
        for place in ("api", "api_in_finnish")
        for name, args in (
            ("entry", lambda _cast: ()),
            ("changes", lambda _cast: ()),
            ("list", lambda _cast: ("node", "service")),
            ("single", lambda _cast: ("node", "service", uuid_of(SERVICE, "kielikahvila"))),
        )
    },
    **{f"{place}:router": public(data=lambda _cast: {"path": "/fi/"}) for place in ("api", "api_in_finnish")},
    "door": Line(granted=302, visitor=302),
    "robots": public(),
    "sitemap": public(),
    # Public pages.
    "site:front": public(),
    "site:services": public(),
    "site:suggestions": public(),
    "site:guide": public(),
    "site:favourites": public(),
    "site:searched": Line(granted=204, visitor=204, method="post", data=lambda _cast: {"q": "kurssi"}),
    "site:service": public(args=_slug),
    "site:organisations": public(),
    "site:organisation": public(args=_espoo),
    "site:municipalities": public(),
    "site:municipality": public(args=lambda _cast: ("espoo",)),
    "site:employers": public(),
    "site:about": public(),
    "site:accessibility": public(),
    "site:privacy": public(),
    # Internal information: never providers, never visitors; whether a file exists is internal too.
    "site:instructions": Line(READS_INTERNAL, args=_slug, visitor=403),
    "site:attachment": Line(
        READS_INTERNAL, args=lambda cast: (cast.internal_file,), refused=404, visitor=404
    ),
    # One's own pages.
    # Those who have a desk, an office or an expert's page are led there.
    "orgs:start": own_page(
        but=dict.fromkeys(DESK | {EXPERT, FOREIGN_EXPERT}, 302),
    ),
    "orgs:own": own_page(),
    "orgs:stored": own_page(),
    "orgs:notices": own_page(),
    "orgs:second_factor": own_page(
        granted=302,
        but={EXPERT: 200, FOREIGN_EXPERT: 200},
    ),
    "orgs:factor_reset": Line(
        args=lambda cast: (factor_links.token(cast.people[PRODUCER]),), granted=200, visitor=200
    ),
    # The second factor is asked once more before a token is made.
    "orgs:tokens": own_page(),
    "orgs:new_token": own_page(granted=302),
    "orgs:revoke_token": own_page(args=lambda cast: (cast.access_token.pk,), method="post", granted=404),
    "orgs:tokens_of": Line(frozenset({MAIN_USER, ICT}), args=_espoo),
    "orgs:new_token_of": Line(frozenset({MAIN_USER, ICT}), args=_espoo, granted=302),
    "orgs:revoke_token_of": Line(frozenset({MAIN_USER, ICT}), args=_espoo_token, method="post", granted=302),
    "orgs:take_over_token": Line(frozenset({MAIN_USER, ICT}), args=_espoo_token, method="post", granted=302),
    "orgs:sign_out_everywhere": own_page(method="post", granted=302),
    # The invitation is for someone who has no account: everyone signed in is the wrong person.
    "orgs:invitation": Line(frozenset(), args=_token, visitor=200),
    "orgs:invitation_employer": Line(method="post", args=_token, granted=302, visitor=302),
    # The desk. Partners' producers write their municipalities' part on any service.
    "desk:desk": Line(DESK),
    "desk:runs": Line(DESK),
    "desk:services": Line(DESK),
    "desk:findings": Line(DESK),
    "desk:own_instructions": Line(PUBLISHES | {FOREIGN_PRODUCER, FOREIGN_MAIN_USER}),
    "desk:new": Line(CREATES),
    "desk:seasons": Line(frozenset({MANAGER})),
    "desk:season": Line(frozenset({MANAGER}), args=lambda cast: (cast.season.pk,)),
    "desk:service": Line(WRITES | {MANAGER}, args=_slug),
    "desk:start": Line(WRITES, args=_slug, granted=302),
    "desk:edit": Line(WRITES, args=lambda _cast: ("kielikahvila", "basics")),
    "desk:preview": Line(WRITES, args=_slug),
    "desk:preview_instructions": Line(PUBLISHES, args=_slug),
    "desk:life": Line(
        PUBLISHES | {PROVIDER_MAIN_USER},
        args=lambda _cast: ("kielikahvila", "outdate"),
        method="post",
        granted=302,
    ),
    "desk:people": Line(frozenset({MAIN_USER, PROVIDER_MAIN_USER, MANAGER, ICT}), args=_slug),
    "desk:end_delegation": Line(
        frozenset({MAIN_USER, PROVIDER_MAIN_USER, MANAGER, ICT}),
        args=lambda cast: ("kielikahvila", cast.people[PRODUCER].pk),
        method="post",
        granted=302,
    ),
    "desk:step": Line(WRITES, args=lambda _cast: ("kielikahvila", "withdraw"), method="post", granted=302),
    "desk:pause": Line(
        PUBLISHES, args=lambda cast: ("kielikahvila", cast.pause.pk, "resume"), method="post", granted=302
    ),
    # The office. Another's case is as if it were not there.
    "office:office": Line(CASES | {OFFICER}),
    "office:partner": Line(ESPOO_CASES | {OFFICER}, args=_espoo, but={FOREIGN_MAIN_USER: 404}),
    "office:cases": Line(CASES),
    "office:new_case": Line(frozenset({MANAGER})),
    "office:case": Line(ESPOO_CASES, args=lambda cast: (cast.case.pk,), refused=404),
    "office:case_step": Line(
        frozenset({MANAGER}),
        args=lambda cast: (cast.case.pk, "exempt"),
        method="post",
        data=lambda _cast: {"exempt-text": "Perusteltu syy"},
        granted=302,
        refused=404,
        but=dict.fromkeys(ESPOO_CASES - {MANAGER}, 403),
    ),
    "office:evidence": Line(ESPOO_CASES, args=lambda cast: (cast.case.pk, cast.answer.pk), refused=404),
    # Espoo's steering group member hands over to the deputy.
    "office:meetings": Line(CASES | {OFFICER}),
    "office:record": Line(frozenset({MANAGER, OFFICER}), args=lambda _cast: ("workshop",)),
    "office:plan_workshop": Line(frozenset({MANAGER, OFFICER})),
    "office:move_workshop": Line(
        frozenset({MANAGER, OFFICER}), args=lambda cast: (cast.planned_workshop.pk,)
    ),
    # Espoo's people in the working group write what belongs to its turn.
    "office:workshop": Line(READS_AGREEMENT, args=lambda cast: (cast.planned_workshop.pk,)),
    "office:workshop_text": Line(
        frozenset({MANAGER, OFFICER, WORKING, WORKING_DEPUTY}),
        args=lambda cast: (cast.planned_workshop.pk, "material"),
    ),
    "office:cancel_workshop": Line(
        frozenset({MANAGER, OFFICER}),
        args=lambda cast: (cast.planned_workshop.pk,),
        method="post",
        granted=302,
    ),
    "office:meeting": Line(frozenset({MANAGER, OFFICER}), args=lambda cast: (cast.meeting.pk,)),
    "office:handovers": Line(CASES | {OFFICER}),
    "office:handover": Line(ESPOO_CASES | {OFFICER}, args=lambda cast: (cast.handover.pk,), refused=404),
    "office:confirm_handover": Line(
        frozenset({STEERING, MANAGER, OFFICER}),
        args=lambda cast: (cast.handover.pk, "giver"),
        method="post",
        granted=302,
        refused=404,
        but=dict.fromkeys(ESPOO_CASES - {STEERING, MANAGER}, 403),
    ),
    "office:letters": Line(CASES),
    "office:letter": Line(ESPOO_CASES, args=lambda cast: (cast.letter.year, cast.letter.number), refused=404),
    "office:letter_send_on": Line(
        frozenset({MANAGER}),
        args=lambda cast: (cast.letter.year, cast.letter.number),
        method="post",
        granted=302,
    ),
    "office:letter_file": Line(
        ESPOO_CASES, args=lambda cast: (cast.letter.year, cast.letter.number), refused=404
    ),
    "office:ledger": Line(CASES),
    "office:ledger_step": Line(
        frozenset({MANAGER}), args=lambda _cast: (1, "credit"), method="post", granted=302
    ),
    "site:instruction_search": Line(READS_INTERNAL, visitor=403),
    # The search, as ICT tunes it.
    "answers:answers": Line(frozenset({ICT})),
    "answers:purge": Line(frozenset({ICT}), method="post", granted=302),
    "tuning:figures": Line(PROJECT),
    "tuning:search": Line(frozenset({ICT})),
    "tuning:synonyms": Line(frozenset({ICT}), args=lambda _cast: ("fi",)),
    "tuning:synonym_group_new": Line(frozenset({ICT}), args=lambda _cast: ("fi",)),
    "tuning:synonym_group": Line(frozenset({ICT}), args=lambda _cast: ("fi", "ohjaamo")),
    # Keeping the words: vocabularies, statutory wordings, places.
    "keeping:vocabularies": Line(KEEPS_WORDS),
    "keeping:vocabulary": Line(KEEPS_WORDS, args=lambda _cast: ("need",)),
    "keeping:term_new": Line(KEEPS_WORDS, args=lambda _cast: ("need",)),
    "keeping:term": Line(KEEPS_WORDS, args=_term),
    "keeping:move": Line(KEEPS_WORDS, args=lambda _cast: (*_term(_cast), "up"), method="post", granted=302),
    "keeping:term_remove": Line(KEEPS_WORDS, args=_term, method="post", granted=302),
    "keeping:options": Line(KEEPS_WORDS),
    "keeping:option_new": Line(KEEPS_WORDS),
    "keeping:option": Line(KEEPS_WORDS, args=_option),
    "keeping:wording_new": Line(KEEPS_WORDS, args=_option),
    "keeping:wording": Line(KEEPS_WORDS, args=_wording),
    "keeping:withdraw": Line(KEEPS_WORDS, args=_wording, method="post", granted=302),
    "keeping:option_end": Line(
        KEEPS_WORDS, args=_option, method="post", data=lambda _cast: {"last_day": "2027-01-01"}, granted=302
    ),
    "responsible:services": Line(READS_AGREEMENT),
    "responsible:new": Line(TECHNICAL, data=lambda _cast: {"service": "kielikahvila"}),
    "responsible:transfer": Line(READS_AGREEMENT, args=_transfer),
    "responsible:undo": Line(TECHNICAL, args=_transfer, granted=302, method="post"),
    "keeping:places": Line(KEEPS_PLACES),
    "keeping:place_new": Line(KEEPS_PLACES),
    "keeping:place": Line(
        frozenset({MAIN_USER, ICT}), args=_place, but=dict.fromkeys(KEEPS_PLACES - {MAIN_USER, ICT}, 404)
    ),
    "keeping:place_remove": Line(
        frozenset({MAIN_USER, ICT}),
        args=_place,
        method="post",
        granted=302,
        but=dict.fromkeys(KEEPS_PLACES - {MAIN_USER, ICT}, 404),
    ),
    # Managing people and organisations.
    "orgs:organisations": Line(PROJECT),
    "orgs:add_organisation": Line(TECHNICAL),
    "orgs:organisation": Line(MANAGE_ESPOO, args=_espoo),
    "orgs:change_organisation": Line(TECHNICAL, args=_espoo),
    "orgs:close_organisation": Line(TECHNICAL, args=_espoo),
    "orgs:people": Line(MANAGE_ESPOO, args=_espoo),
    "orgs:invite": Line(MANAGE_ESPOO, args=_espoo),
    "orgs:renew": Line(MANAGE_ESPOO, args=_espoo_invitation, method="post", granted=302),
    "orgs:cancel": Line(MANAGE_ESPOO, args=_espoo_invitation, method="post", granted=302),
    "orgs:person": Line(MANAGE_ESPOO, args=_espoo_producer),
    "orgs:give_seat": Line(
        MANAGE_ESPOO,
        args=_espoo_producer,
        method="post",
        data=lambda _cast: {"body": "working_group", "kind": "deputy"},
        granted=302,
    ),
    "orgs:end_seat": Line(MANAGE_ESPOO, args=_espoo_seat, method="post", granted=302),
    "orgs:start_factor_reset": Line(MANAGE_ESPOO, args=_espoo_producer, method="post", granted=302),
    "orgs:remove": Line(MANAGE_ESPOO, args=_espoo_producer),
    "orgs:hand_over": Line(MANAGE_ESPOO, args=_espoo_producer),
    "orgs:agreements": Line(READS_AGREEMENT),
    "orgs:agreement": Line(READS_AGREEMENT, args=lambda cast: (cast.agreement.pk,)),
    "orgs:add_agreement": Line(frozenset({MANAGER})),
    "orgs:change_agreement": Line(frozenset({MANAGER}), args=lambda cast: (cast.agreement.pk,)),
    "orgs:change_terms": Line(frozenset({MANAGER}), args=lambda cast: (cast.agreement.pk,)),
    "orgs:planned_terms": Line(
        frozenset({MANAGER}), args=lambda cast: (cast.agreement.pk, cast.planned_terms.pk)
    ),
    "orgs:log": Line(frozenset({ICT})),
    "orgs:outbox": Line(frozenset({ICT})),
    "orgs:jobs": Line(frozenset({ICT})),
    "orgs:go_on": Line(frozenset({ICT}), args=lambda _cast: ("freshness",), method="post", granted=302),
    "orgs:send_again": Line(
        frozenset({ICT}), args=lambda cast: (cast.notice.pk,), method="post", granted=302
    ),
    "orgs:send_all_again": Line(frozenset({ICT}), method="post", granted=302),
    # Signing in.
    "account_login": leads_on(),
    "account_logout": Line(SIGNED_IN, visitor=302),
    "account_signup": leads_on(),
    "account_inactive": public(),
    "account_reset_password": public(),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(args=lambda _cast: ("1", "set-password")),
    "account_reset_password_from_key_done": public(),
    "account_confirm_login_code": Line(SIGNED_IN, granted=302),
    "account_confirm_email": no_one(args=lambda _cast: ("x",)),
    "account_email_verification_sent": no_one(),
    "account_email": no_one(),
    "account_change_password": own_page(),
    "account_set_password": own_page(granted=302),
    # A password is asked for once more only of those who have nothing better.
    "account_reauthenticate": own_page(granted=302, but={EXPERT: 200, FOREIGN_EXPERT: 200}),
    "usersessions_list": own_page(),
    # The second factor. What changes it asks for the password once more (302).
    "mfa_index": own_page(),
    "mfa_authenticate": Line(SIGNED_IN, granted=302),
    "mfa_reauthenticate": own_page(but={EXPERT: 302, FOREIGN_EXPERT: 302}),
    "mfa_activate_totp": own_page(granted=302),
    "mfa_deactivate_totp": own_page(granted=302, but=NO_FACTOR_404),
    "mfa_view_recovery_codes": own_page(granted=404),
    "mfa_generate_recovery_codes": own_page(granted=302),
    "mfa_download_recovery_codes": own_page(granted=404),
    "mfa_list_webauthn": own_page(),
    "mfa_add_webauthn": own_page(granted=302),
    "mfa_remove_webauthn": own_page(granted=302, args=lambda _cast: (1,)),
    "mfa_edit_webauthn": own_page(granted=302, args=lambda _cast: (1,)),
    "mfa_reauthenticate_webauthn": own_page(granted=302),
    "mfa_login_webauthn": Line(SIGNED_IN, granted=302),
    # The employer's OpenID Connect; none is set up here.
    "socialaccount_login_cancelled": public(),
    "socialaccount_login_error": Line(granted=401, visitor=401),
    # No one signs up here: everyone is led to the page of signing in.
    "socialaccount_signup": Line(frozenset(), refused=SIGN_IN),
    "socialaccount_connections": own_page(),
    "openid_connect_login": Line(frozenset(), args=lambda _cast: ("x",), refused=404, visitor=404),
    "openid_connect_callback": Line(frozenset(), args=lambda _cast: ("x",), refused=404, visitor=404),
}
