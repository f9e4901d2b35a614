"""The table of capabilities says what docs/rules.md section 11 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgs import roles
from orgs.roles import (
    CAPABILITIES,
    EXPERT,
    ICT,
    MAIN_USER,
    OFFICER,
    PRODUCER,
    PROJECT_MANAGER,
    PROVIDER_MAIN_USER,
    PROVIDER_PRODUCER,
    PROVIDER_ROLES,
    SEATS,
    Capability,
    Holder,
    Position,
    Relation,
    allowed,
    changes_things,
    organisations_of,
)

OWN, OTHER = 1, 2
C, R = Capability, Relation
HOLDERS = (*roles.EVERY_ROLE, *SEATS)


def may(capability: Capability, holder: Holder, relation: Relation | None = None, at: int = OWN) -> bool:
    relations = {relation: {at}} if relation else None
    return allowed(capability, [Position(holder, OWN)], relations)


A, OWNS, RESP, AREA, PAIR = R.ANY, R.OWN, R.RESPONSIBLE, R.AREA, R.PAIR
LEAD, WG, WG_DEPUTY = roles.COMMUNICATIONS_LEAD, roles.WORKING_GROUP_MEMBER, roles.WORKING_GROUP_DEPUTY
SG, SG_DEPUTY = roles.STEERING_GROUP_MEMBER, roles.STEERING_GROUP_DEPUTY
PM, UPDATER = PROJECT_MANAGER, roles.UPDATER
P_PRODUCER, P_MAIN_USER = PROVIDER_PRODUCER, PROVIDER_MAIN_USER

# Section 11 of the domain, line by line and holder by holder, written out by hand: who is not named
# in a line has not that right. Nothing here is taken from the code's own groups.
TABLE: dict[Capability, dict[Holder, Relation]] = {
    C.READ_INTERNAL: {EXPERT: A, PRODUCER: A, MAIN_USER: A, LEAD: A, PM: A, ICT: A, OFFICER: A},
    C.CREATE_SERVICE: {P_PRODUCER: OWNS, P_MAIN_USER: OWNS, PRODUCER: OWNS, MAIN_USER: OWNS, ICT: A},
    C.WRITE_PUBLIC: {P_PRODUCER: OWNS, P_MAIN_USER: OWNS, PRODUCER: RESP, MAIN_USER: RESP, ICT: A},
    C.WRITE_INTERNAL: {PRODUCER: RESP, MAIN_USER: RESP, ICT: A},
    C.WRITE_MUNICIPAL: {PRODUCER: AREA, MAIN_USER: AREA, ICT: A},
    C.PUBLISH: {PRODUCER: RESP, MAIN_USER: RESP, ICT: A},
    C.DECIDE_PAUSES: {PM: A},
    C.CONFIRM_VALID: {UPDATER: PAIR, PRODUCER: RESP, MAIN_USER: RESP},
    C.OUTDATE: {PRODUCER: RESP, MAIN_USER: RESP, ICT: A, P_MAIN_USER: OWNS},
    C.ARCHIVE: {MAIN_USER: RESP, ICT: A},
    C.NAME_UPDATERS: {MAIN_USER: RESP, P_MAIN_USER: OWNS, PM: A, ICT: A},
    C.SET_RESPONSIBILITY: {PM: A, ICT: A},
    C.MANAGE_PEOPLE: {MAIN_USER: OWNS, P_MAIN_USER: OWNS, PM: A, ICT: A, OFFICER: A},
    C.GIVE_PARTNER_MAIN_USER: {PM: A, ICT: A},
    C.GIVE_PROJECT_ROLE: {PM: A},
    C.MANAGE_PLACES: {MAIN_USER: OWNS, P_MAIN_USER: OWNS, ICT: A},
    C.MANAGE_ORGANISATIONS: {PM: A, ICT: A},
    C.EDIT_VOCABULARIES: {ICT: A, OFFICER: A},
    C.EDIT_REGIONAL_PAGES: {ICT: A, OFFICER: A, LEAD: OWNS},
    C.ANNOUNCE: {PM: A, OFFICER: A, LEAD: OWNS},
    C.SET_SEASONS: {PM: A},
    C.READ_AGREEMENT: dict.fromkeys((MAIN_USER, WG, WG_DEPUTY, SG, SG_DEPUTY, PM, ICT, OFFICER), A),
    C.SET_TERMS: {PM: A},
    C.SEE_CASES: {PM: A, MAIN_USER: OWNS, WG: OWNS, WG_DEPUTY: OWNS, SG: A, SG_DEPUTY: A},
    C.ANSWER_CASES: {MAIN_USER: OWNS, WG: OWNS, WG_DEPUTY: OWNS, SG: OWNS, SG_DEPUTY: OWNS},
    C.SEE_ATTENDANCE: {PM: A, OFFICER: A, MAIN_USER: OWNS, WG: OWNS, WG_DEPUTY: OWNS, SG: A, SG_DEPUTY: A},
    C.DECIDE_SANCTIONS: {PM: A},
    C.RECORD_MEETINGS: {PM: A, OFFICER: A},
    C.PREPARE_WORKSHOPS: {PM: A, OFFICER: A, WG: OWNS, WG_DEPUTY: OWNS},
    C.CONFIRM_HANDOVER: {WG: OWNS, WG_DEPUTY: OWNS, SG: OWNS, SG_DEPUTY: OWNS},
    C.OPEN_MOTION: {PM: A},
    C.VOTE: {WG: OWNS, WG_DEPUTY: OWNS, SG: OWNS, SG_DEPUTY: OWNS},
    C.INVOICE: {PM: A},
    C.KEEP_TOKENS: {MAIN_USER: OWNS, P_MAIN_USER: OWNS, ICT: A},
    C.SEE_STATISTICS: {MAIN_USER: OWNS, P_MAIN_USER: OWNS, PM: A, ICT: A, OFFICER: A},
    C.SEE_SEARCH_FIGURES: {PM: A, ICT: A, OFFICER: A},
    C.SEE_PIPELINE_FIGURES: {WG: A, WG_DEPUTY: A, SG: A, SG_DEPUTY: A, PM: A, ICT: A, OFFICER: A},
    C.SEND_CHANGE_REQUEST: {
        EXPERT: A,
        PRODUCER: A,
        MAIN_USER: A,
        LEAD: A,
        P_PRODUCER: A,
        P_MAIN_USER: A,
        PM: A,
        ICT: A,
        OFFICER: A,
    },
    C.TUNE_SEARCH: {ICT: A},
    C.KEEP_ANSWERS: {ICT: A},
    C.READ_USER_LOG: {ICT: A},
    C.KEEP_RUNNING: {ICT: A},
}


@pytest.mark.parametrize("capability", list(Capability))
def test_every_line_of_the_table_gives_what_it_says_and_nothing_else(capability: Capability) -> None:
    line = TABLE[capability]
    for holder in (*HOLDERS, roles.UPDATER):
        for relation in (None, R.OWN, R.RESPONSIBLE, R.AREA, R.PAIR):
            expected = holder in line and (line[holder] is R.ANY or line[holder] is relation)
            assert may(capability, holder, relation) == expected, (holder, relation)


def test_every_capability_has_its_line() -> None:
    assert set(CAPABILITIES) == set(Capability)
    known = {*HOLDERS, roles.UPDATER}
    assert all(set(holders) <= known for holders in CAPABILITIES.values())


@given(st.sampled_from(list(Capability)), st.sampled_from(HOLDERS), st.sampled_from(list(Relation)))
def test_a_right_over_ones_own_is_none_over_what_is_someone_elses(
    capability: Capability, holder: Holder, relation: Relation
) -> None:
    if CAPABILITIES[capability].get(holder) is not Relation.ANY:
        assert not may(capability, holder, relation, at=OTHER)
        assert not may(capability, holder)


@given(st.lists(st.builds(Position, st.sampled_from(PROVIDER_ROLES), st.integers(1, 9))))
def test_no_number_of_provider_roles_opens_internal_information(positions: list[Position]) -> None:
    assert not allowed(Capability.READ_INTERNAL, positions)


@given(
    st.sampled_from(list(Capability)),
    st.lists(st.builds(Position, st.sampled_from(HOLDERS), st.integers(1, 5)), max_size=6),
)
def test_more_positions_never_take_a_right_away(capability: Capability, positions: list[Position]) -> None:
    relations = {relation: {OWN} for relation in Relation}
    for count in range(len(positions)):
        if allowed(capability, positions[:count], relations):
            assert allowed(capability, positions, relations)


def test_no_position_gives_no_right() -> None:
    everything = {relation: {OWN} for relation in Relation}
    assert not any(allowed(capability, [], everything) for capability in Capability)


@pytest.mark.parametrize("holder", HOLDERS)
def test_everyone_but_experts_needs_a_second_factor(holder: Holder) -> None:
    assert changes_things([Position(holder, OWN)]) == (holder != EXPERT)


def test_the_organisations_of_a_right_are_all_of_them_or_ones_own() -> None:
    positions = [Position(MAIN_USER, OWN), Position(PRODUCER, OTHER)]
    assert organisations_of(Capability.MANAGE_PEOPLE, positions) == {OWN}
    assert organisations_of(Capability.MANAGE_PEOPLE, [*positions, Position(ICT, 3)]) is None
    assert organisations_of(Capability.INVOICE, positions) == set()
