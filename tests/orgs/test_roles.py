"""The table of capabilities says what domain.md section 11 says."""

from itertools import product

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
    STEERING_GROUP_MEMBER,
    WORKING_GROUP_DEPUTY,
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


# One row a case, reckoned by hand from the table: who, what, how it stands to them, whether they may.
CASES = [
    (EXPERT, C.READ_INTERNAL, None, True),
    (PROVIDER_MAIN_USER, C.READ_INTERNAL, None, False),
    (PROVIDER_PRODUCER, C.CREATE_SERVICE, R.OWN, True),
    (EXPERT, C.CREATE_SERVICE, R.OWN, False),
    (PROVIDER_PRODUCER, C.WRITE_PUBLIC, R.OWN, True),
    (PRODUCER, C.WRITE_PUBLIC, R.OWN, False),
    (PRODUCER, C.WRITE_PUBLIC, R.RESPONSIBLE, True),
    (PROJECT_MANAGER, C.WRITE_PUBLIC, R.RESPONSIBLE, False),
    (ICT, C.WRITE_PUBLIC, None, True),
    (PROVIDER_PRODUCER, C.WRITE_INTERNAL, R.OWN, False),
    (MAIN_USER, C.WRITE_INTERNAL, R.RESPONSIBLE, True),
    (PRODUCER, C.WRITE_MUNICIPAL, R.AREA, True),
    (PRODUCER, C.WRITE_MUNICIPAL, R.RESPONSIBLE, False),
    (PRODUCER, C.PUBLISH, R.RESPONSIBLE, True),
    (PROVIDER_MAIN_USER, C.PUBLISH, R.OWN, False),
    (PROVIDER_MAIN_USER, C.OUTDATE, R.OWN, True),
    (PROVIDER_PRODUCER, C.OUTDATE, R.OWN, False),
    (PRODUCER, C.ARCHIVE, R.RESPONSIBLE, False),
    (MAIN_USER, C.ARCHIVE, R.RESPONSIBLE, True),
    (MAIN_USER, C.MANAGE_PEOPLE, R.OWN, True),
    (PRODUCER, C.MANAGE_PEOPLE, R.OWN, False),
    (PROJECT_MANAGER, C.MANAGE_PEOPLE, None, True),
    (OFFICER, C.MANAGE_PEOPLE, None, False),
    (ICT, C.MANAGE_ORGANISATIONS, None, True),
    (MAIN_USER, C.MANAGE_ORGANISATIONS, R.OWN, False),
    (OFFICER, C.EDIT_VOCABULARIES, None, True),
    (PROJECT_MANAGER, C.EDIT_VOCABULARIES, None, False),
    (ICT, C.SET_TERMS, None, False),
    (PROJECT_MANAGER, C.SET_TERMS, None, True),
    (MAIN_USER, C.SEE_CASES, R.OWN, True),
    (WORKING_GROUP_DEPUTY, C.SEE_CASES, R.OWN, True),
    (STEERING_GROUP_MEMBER, C.SEE_CASES, None, True),
    (OFFICER, C.SEE_CASES, None, False),
    (PROVIDER_MAIN_USER, C.SEE_CASES, R.OWN, False),
    (ICT, C.DECIDE_SANCTIONS, None, False),
    (OFFICER, C.RECORD_MEETINGS, None, True),
    (ICT, C.INVOICE, None, False),
    (PROVIDER_MAIN_USER, C.SEE_STATISTICS, R.OWN, True),
    (PROVIDER_PRODUCER, C.SEND_CHANGE_REQUEST, None, True),
    (ICT, C.READ_USER_LOG, None, True),
    (PROJECT_MANAGER, C.READ_USER_LOG, None, False),
]


@pytest.mark.parametrize(("holder", "capability", "relation", "expected"), CASES)
def test_each_role_may_do_what_the_table_of_the_domain_says(
    holder: Holder, capability: Capability, relation: Relation | None, expected: bool
) -> None:
    assert may(capability, holder, relation) == expected


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


@pytest.mark.parametrize(("capability", "holder"), list(product([C.VOTE], roles.EVERY_ROLE)))
def test_only_seats_vote(capability: Capability, holder: Holder) -> None:
    assert not may(capability, holder, R.OWN)
