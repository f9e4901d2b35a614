"""The interface's filters: what they mean, and that nothing is passed over in silence."""

import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgs import clock
from services.api import asked, collections, filters, matching
from services.api.catalogues import Reader
from services.api.conditions import AMONG, PRESENCE, WITHIN, Condition, Group, Operator, Sort, holds
from services.api.errors import BadParameter
from services.api.objects import Object, pointed
from services.api.paths import leaves
from services.api.types import TYPES, ResourceType
from services.search import listing
from services.search.filters import FILTERS
from services.search.query import ListQuery
from services.uuids import SERVICE
from services.vocabularies import load, words
from tests.clients import Client
from tests.services.site_pages import LANGUAGES
from tests.services.test_api_reading import LIST, answer, pages
from tests.thoroughness import rounds

NEEDS = "/fi/jsonapi/taxonomy_term/need"
SERVICES = TYPES[SERVICE]


def found(client: Client, path: str = LIST, /, **parameters: str) -> set[str]:
    """Return the identifiers of a list's resources."""
    return {
        one["attributes"].get("field_external_id") or one["attributes"].get("field_key")
        for page in pages(client, path, **parameters)
        for one in page["data"]
    }


def everything(client: Client, language: str = "fi", path: str = SERVICES.path) -> list[Object]:
    """Return all resources of a type with all that they point at."""
    include = ",".join(TYPES[path.replace("/", "--")].relationships)
    return [
        one for page in pages(client, f"/{language}/jsonapi/{path}", include=include) for one in page["data"]
    ]


def known(_parameter: str) -> list[str]:
    return ["a", "b"]


def read(address: str, kind: ResourceType = SERVICES) -> filters.Filter:
    return asked.read(QueryDict(address), kind, known).filter


# What is meant


@pytest.mark.parametrize(
    ("operator", "value", "holding"),
    [
        ("=", "Uraohjaus", {"uraohjaus"}),
        ("=", "URAOHJAUS", {"uraohjaus"}),
        ("<>", "uraohjaus", {"työpaja", "suomen kieli"}),
        (">", "suomen kieli", {"työpaja", "uraohjaus"}),
        (">=", "suomen kieli", {"suomen kieli", "työpaja", "uraohjaus"}),
        ("<", "työpaja", {"suomen kieli"}),
        ("<=", "työpaja", {"suomen kieli", "työpaja"}),
        ("STARTS_WITH", "URA", {"uraohjaus"}),
        ("CONTAINS", "ÖPA", {"työpaja"}),
        ("ENDS_WITH", "paja", {"työpaja"}),
        ("IN", ["työpaja", "x", "uraohjaus"], {"työpaja", "uraohjaus"}),
        ("NOT IN", ["työpaja", "x"], {"suomen kieli", "uraohjaus"}),
        ("BETWEEN", ["t", "v"], {"työpaja", "uraohjaus"}),
        ("NOT BETWEEN", ["t", "v"], {"suomen kieli"}),
        ("IS NULL", [], set()),
        ("IS NOT NULL", [], {"suomen kieli", "työpaja", "uraohjaus"}),
    ],
)
def test_each_operator_means_what_it_says(operator: str, value: Any, holding: set[str]) -> None:
    wanted = [Sort.TEXT.read(one) for one in (value if isinstance(value, list) else [value])]
    names = ["suomen kieli", "työpaja", "uraohjaus"]
    assert {name for name in names if holds(Operator(operator), wanted, [name])} == holding


def test_of_several_values_one_is_enough_and_none_is_null() -> None:
    assert holds(Operator.EQUAL, ["b"], ["a", "b"])
    assert holds(Operator.DIFFERENT, ["b"], ["a", "b"])
    assert not holds(Operator.DIFFERENT, ["b"], ["b"])
    assert not holds(Operator.DIFFERENT, ["b"], [])
    assert not holds(Operator.NOT_IN, ["b"], [])
    assert holds(Operator.IS_NULL, [], [])


def test_values_are_of_their_sort() -> None:
    assert Sort.NUMBER.read("25.00") == Decimal(25)
    assert Sort.FLAG.read("1") is True
    assert Sort.FLAG.read("False") is False
    assert Sort.DAY.read("2026-12-01") == "2026-12-01"
    noon = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)
    assert Sort.MOMENT.read("2026-12-01T12:00:00") == Sort.MOMENT.read("2026-12-01T14:00:00+02:00") == noon
    for sort, value in (
        *((Sort.NUMBER, wrong) for wrong in ("", "1e3", "٣", "1,5", "NaN", "--1", "9" * 30)),
        *((Sort.FLAG, wrong) for wrong in ("", "2", "yes")),
        *((Sort.DAY, wrong) for wrong in ("", "1.12.2026", "2026-02-30")),
        *((Sort.MOMENT, wrong) for wrong in ("", "now")),
        *((Sort.UUID, wrong) for wrong in ("", "x", "1234")),
    ):
        with pytest.raises(ValueError):  # noqa: PT011
            sort.read(value)


def test_the_forms_of_an_address_say_the_same() -> None:
    short = read("filter[title]=ura")
    for same in (
        "filter[title][value]=ura",
        "filter[title][condition][path]=title&filter[title][condition][value]=ura",
        "filter[a][condition][path]=title&filter[a][condition][operator]==&filter[a][condition][value]=ura",
        "filter[a][path]=title&filter[a][value]=ura&filter[a][operator]=%3D",
    ):
        assert read(same) == short, same
    several = read("filter[title][operator]=IN&filter[title][value][]=a&filter[title][value][]=b")
    assert several == read("filter[title][operator]=IN&filter[title][value][0]=a&filter[title][value][1]=b")


def test_groups_lie_in_each_other_in_any_order_of_parameters() -> None:
    said = [
        ("filter[one][condition][path]", "field_paid"),
        ("filter[one][condition][value]", "0"),
        ("filter[one][condition][memberOf]", "either"),
        ("filter[both][group][conjunction]", "AND"),
        ("filter[both][group][memberOf]", "either"),
        ("filter[either][group][conjunction]", "OR"),
        ("filter[two][condition][path]", "title"),
        ("filter[two][condition][value]", "x"),
        ("filter[two][condition][memberOf]", "both"),
        ("filter[field_all_ages][value]", "1"),
        ("filter[field_all_ages][memberOf]", "both"),
    ]
    either = read(urlencode(said)).where.members[0]
    assert isinstance(either, Group)
    assert not either.all
    both = next(one for one in either.members if isinstance(one, Group))
    assert both.all
    assert len(both.members) == 2

    def shape(one: Condition | Group) -> object:
        return frozenset([one.all, *map(shape, one.members)]) if isinstance(one, Group) else one

    assert shape(read(urlencode(said[::-1])).where) == shape(read(urlencode(said)).where)


# Both ways of asking say the same: the database's, and plain reckoning over what is said


Everything = dict[tuple[str, str], Object]


def reckoned(one: Object, wanted: Condition | Group, known_ones: Everything) -> bool:
    """Tell whether a resource fulfils a filter, by following its pointers."""
    if isinstance(wanted, Group):
        return (all if wanted.all else any)(reckoned(one, each, known_ones) for each in wanted.members)
    ends, pointers = [one], [one]
    for name in wanted.relationships:
        pointers = [item for end in ends for item in pointed(end, name)]
        ends = [known_ones[key] for item in pointers if (key := (item["type"], item["id"])) in known_ones]
    if wanted.leaf is None:
        return bool(pointers) is (wanted.operator is Operator.IS_NOT_NULL)
    leaf = wanted.leaf
    values = [leaf.sort.read(value) for end in ends for value in matching.values_at(end, leaf)]
    return holds(wanted.operator, wanted.values, values)


def said_by_all(language: str) -> tuple[Reader, Everything]:
    reader = Reader(language, load())
    nothing = asked.Asked(limit=100_000)
    return reader, {
        (one["type"], one["id"]): one
        for kind in TYPES.values()
        for one in collections.page(kind, nothing, reader).resources
    }


@st.composite
def conditions(draw: st.DrawFn, kind: ResourceType, known_ones: Everything) -> Condition:
    """Draw a condition whose values are, mostly, some that there are."""
    relationships: tuple[str, ...] = ()
    at = kind
    while at.relationships and len(relationships) < 2 and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(at.relationships)))
        relationships, at = (*relationships, name), TYPES[at.relationships[name]]
    if relationships and draw(st.integers(0, 4)) == 0:
        return Condition(relationships, None, draw(st.sampled_from(sorted(PRESENCE))))
    leaf = leaves(at)[draw(st.sampled_from(sorted(leaves(at))))]
    operator = draw(st.sampled_from(sorted(leaf.sort.operators)))
    there = [
        leaf.sort.read(value)
        for one in known_ones.values()
        if one["type"] == at.name
        for value in matching.values_at(one, leaf)
    ]
    possible = st.sampled_from(there) if there else st.nothing()
    if leaf.sort is Sort.TEXT:
        possible = possible | st.text(max_size=3).filter(lambda text: "\x00" not in text).map(str.lower)
        possible = possible | possible.map(lambda text: str(text)[1:4])
    if operator in PRESENCE or (not there and leaf.sort is not Sort.TEXT):
        return Condition(relationships, leaf, draw(st.sampled_from(sorted(PRESENCE))))
    least, most = (1, 3) if operator in AMONG else (2, 2) if operator in WITHIN else (1, 1)
    values = draw(st.lists(possible, min_size=least, max_size=most))
    return Condition(relationships, leaf, operator, tuple(values))


def wheres(kind: ResourceType, known_ones: Everything) -> st.SearchStrategy[Group]:
    one = conditions(kind, known_ones)
    inner = st.builds(Group, st.lists(one, min_size=1, max_size=3), st.booleans())
    return st.builds(Group, st.lists(one | inner, min_size=1, max_size=3))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_database_finds_what_fulfils_the_filter(manual: None, language: str) -> None:
    reader, known_ones = said_by_all(language)
    services = [one for one in known_ones.values() if one["type"] == SERVICE]
    met = []

    @settings(max_examples=rounds(150), deadline=None, suppress_health_check=list(HealthCheck))
    @given(wheres(SERVICES, known_ones))
    def holds_for_each(where: Group) -> None:
        expected = {one["id"] for one in services if reckoned(one, where, known_ones)}
        rows = matching.rows_of(reader).filter(matching.services(where, reader))
        assert {str(number) for number in rows.values_list("service__uuid", flat=True)} == expected
        met.append(len(expected))

    holds_for_each()
    assert any(0 < count < len(services) for count in met), "filters that tell services apart"


def test_what_is_held_is_found_the_same_way(manual: None) -> None:
    reader, known_ones = said_by_all("sv")
    kinds = sorted((kind for kind in TYPES.values() if kind.name != SERVICE), key=lambda kind: kind.name)

    @settings(max_examples=rounds(150), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def holds_for_each(data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(kinds), label="type")
        where = data.draw(wheres(kind, known_ones), label="filter")
        mine = [one for one in known_ones.values() if one["type"] == kind.name]
        expected = {one["id"] for one in mine if reckoned(one, where, known_ones)}
        assert {said["id"] for _row, said in matching.resources(kind, where, reader)} == expected

    holds_for_each()


# In addresses


def test_services_are_found_by_what_they_point_at(manual: None, client: Client) -> None:
    services = everything(client)
    espoo = answer(client, "/fi/jsonapi/taxonomy_term/municipality", **{"filter[code]": "049"})["data"]
    (number,) = (one["id"] for one in espoo)
    expected = {
        one["attributes"]["field_external_id"]
        for one in services
        if number in [item["id"] for item in pointed(one, "field_municipalities")]
    }
    assert expected
    assert found(client, **{"filter[field_municipalities.code]": "049"}) == expected
    assert found(client, **{"filter[field_municipalities.id]": number}) == expected
    assert found(client, **{"filter[field_municipalities.name]": "ESPOO"}) == expected
    paid = {one["attributes"]["field_external_id"] for one in services if one["attributes"]["field_paid"]}
    both = {
        "filter[field_municipalities.code]": "049",
        "filter[p][condition][path]": "field_paid",
        "filter[p][condition][value]": "1",
    }
    assert found(client, **both) == expected & paid


def test_terms_are_found_by_what_is_above_them(manual: None, client: Client) -> None:
    path = "/fi/jsonapi/taxonomy_term/category"
    below = {
        one["attributes"]["field_key"]
        for page in pages(client, path, include="parent")
        for one in page["data"]
        if pointed(one, "parent")
    }
    assert below
    assert found(client, path, **{"filter[parent][operator]": "IS NOT NULL"}) == below
    top = {"filter[parent][operator]": "IS NULL"}
    assert found(client, path, **top) == found(client, path) - below


def test_links_to_further_pages_keep_the_filter(manual: None, client: Client) -> None:
    several = {"filter[field_needs.field_key][operator]": "IN", "page[limit]": "3"}
    query = urlencode([*several.items(), *(("filter[field_needs.field_key][value][]", one) for one in
                      ("job_search", "daily_life"))])  # fmt: skip
    whole, path = [], f"{LIST}?{query}"
    while path:
        said = answer(client, path)
        whole += [one["id"] for one in said["data"]]
        path = said["links"].get("next", {}).get("href", "").removeprefix("http://127.0.0.1:8000")
    assert len(whole) == len(set(whole)) == said["meta"]["count"] > 3


# The list's own search and filters


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_search_is_that_of_the_list_with_its_counts(manual: None, client: Client, language: str) -> None:
    for filtered in ({}, {"need": "job_search"}, {"municipality": "049", "price": "free"}):
        parameters = {"filter[fulltext]": "kieli"} | {
            f"filter[{name}]": value for name, value in filtered.items()
        }
        query = ListQuery("kieli", {name: (value,) for name, value in filtered.items()})
        expected = listing.run(query, language, clock.today(), words())
        said = answer(client, f"/{language}/jsonapi/node/service", **parameters, **{"page[limit]": "20"})
        assert said["meta"]["count"] == expected.total > 0
        assert [one["attributes"]["field_external_id"] for one in said["data"]] == [
            row.external_id for row in expected.hits
        ]
        facets = {one["id"]: one for one in said["meta"]["facets"]}
        assert list(facets) == list(FILTERS)
        for facet in expected.facets:
            assert facets[facet.parameter]["label"] == str(facet.label)
            values = [one["values"] for one in facets[facet.parameter]["terms"]]
            assert [(one["value"], one["count"], one["active"]) for one in values] == [
                (one.key, one.count, one.selected) for one in facet.choices if one.count or one.selected
            ]


def test_search_and_conditions_hold_together(manual: None, client: Client) -> None:
    searched = found(client, **{"filter[fulltext]": "kieli"})
    paid = found(client, **{"filter[field_paid]": "1"})
    free = found(client, **{"filter[field_paid]": "0"})
    assert searched & free
    both = {"filter[fulltext]": "kieli", "filter[field_paid]": "0"}
    said = answer(client, LIST, **both)
    assert found(client, **both) == searched & free
    assert said["meta"]["count"] == len(searched & free)
    prices = next(one for one in said["meta"]["facets"] if one["id"] == "price")["terms"]
    assert {one["values"]["value"]: one["values"]["count"] for one in prices} == {
        "free": len(searched & free)
    }
    assert found(client, **{"filter[fulltext]": "kieli", "filter[field_paid]": "1"}) == searched & paid
    by_name = answer(client, LIST, **{"filter[fulltext]": "kieli", "sort": "title"})["data"]
    assert {one["attributes"]["field_external_id"] for one in by_name} == searched
    names = [one["attributes"]["title"] for one in by_name]
    whole = [one for page in pages(client, LIST, sort="title") for one in page["data"]]
    in_order = [one["attributes"]["title"] for one in whole]
    assert names == [one for one in in_order if one in names]


def test_a_search_for_nothing_counts_everything(manual: None, client: Client) -> None:
    said = answer(client, LIST, **{"filter[fulltext]": "", "page[limit]": "1"})
    assert said["meta"]["count"] == answer(client, LIST)["meta"]["count"]
    assert len(said["meta"]["facets"]) == len(FILTERS)


def test_several_values_of_the_lists_filter_widen_it(manual: None, client: Client) -> None:
    one = found(client, **{"filter[need]": "job_search"})
    other = found(client, **{"filter[need]": "daily_life"})
    several = {
        "filter[need][operator]": "IN",
        "filter[need][value][0]": "job_search",
        "filter[need][value][1]": "daily_life",
    }
    assert one
    assert other
    assert found(client, **several) == one | other


# What is refused


def long(**more: str) -> dict[str, str]:
    said = {"path": "title", "value": "x"} | more
    return {f"filter[a][condition][{name}]": value for name, value in said.items()}


REFUSED: list[tuple[dict[str, str], str, str]] = [
    ({"filter[titel]": "x"}, "filter[titel]", "titel"),
    ({"filter": "x"}, "filter", ""),
    ({"filter[]": "x"}, "filter[]", "filter["),
    ({"filter[title": "x"}, "filter[title", ""),
    ({"filter[@root]": "x"}, "filter[@root]", "filter["),
    ({"filter[title][oops]": "x"}, "filter[title][oops]", ""),
    ({"filter[title][value][a]": "x"}, "filter[title][value][a]", ""),
    ({"filter[title][condition]": "x"}, "filter[title][condition]", ""),
    ({"filter[internal_benefits]": "x"}, "filter[internal_benefits]", "internal_benefits"),
    ({"filter[guidance]": "x"}, "filter[guidance]", "guidance"),
    ({"filter[field_needs]": "x"}, "filter[field_needs]", "field_needs."),
    ({"filter[field_needs.titel]": "x"}, "filter[field_needs.titel]", "field_key"),
    ({"filter[field_needs.title.x]": "x"}, "filter[field_needs.title.x]", ""),
    ({"filter[path]": "x"}, "filter[path]", ""),
    ({"filter[path.alias]": "x"}, "filter[path.alias]", ""),
    ({"filter[field_paid]": "maybe"}, "filter[field_paid]", "maybe"),
    ({"filter[created]": "yesterday"}, "filter[created]", "yesterday"),
    ({"filter[id]": "x"}, "filter[id]", "x"),
    (long(operator="~"), "filter[a][condition][operator]", "STARTS_WITH"),
    (long(operator="BETWEEN"), "filter[a][condition][value]", "2"),
    (long(operator="IS NULL"), "filter[a][condition][value]", "IS NULL"),
    (long(path="field_paid", operator="CONTAINS"), "filter[a][condition][operator]", "CONTAINS"),
    (long(path="nid"), "filter[a][condition][path]", "nid"),
    (long(memberOf="b"), "filter[a][condition][memberOf]", "b"),
    (long(value="x" * 201), "filter[a][condition][value]", "200"),
    ({"filter[a][condition][value]": "x"}, "filter[a][condition][value]", ""),
    ({"filter[title][operator]": "="}, "filter[title][operator]", ""),
    ({"filter[a][group][conjunction]": "XOR"}, "filter[a][group][conjunction]", "AND"),
    ({"filter[a][group][conjunction]": "AND"}, "filter[a][group][conjunction]", ""),
    (long() | {"filter[a][group][conjunction]": "AND"}, "filter[a][group][conjunction]", "a"),
    (
        {"filter[a][group][conjunction]": "AND", "filter[a][group][memberOf]": "a"},
        "filter[a][group][memberOf]",
        "5",
    ),
    ({"filter[need]": "a"}, "filter[need]", "job_search"),
    ({"filter[need]": ""}, "filter[need]", ""),
    ({"filter[need][operator]": "<>", "filter[need][value]": "job_search"}, "filter[need][operator]", "IN"),
    (
        {"filter[fulltext][operator]": "IN", "filter[fulltext][value][]": "a"},
        "filter[fulltext][operator]",
        "",
    ),
    (
        {"filter[need]": "job_search", "filter[need][memberOf]": "b", "filter[b][group][conjunction]": "OR"},
        "filter[need][memberOf]",
        "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "named", "told"), REFUSED)
def test_what_a_filter_does_not_mean_is_refused_by_its_name(
    vocabulary: object, client: Client, parameters: dict[str, str], named: str, told: str
) -> None:
    (error,) = answer(client, LIST, 400, **parameters)["errors"]
    assert error["source"] == {"parameter": named}
    assert told in error["detail"]


def test_filters_are_those_of_lists_and_of_the_type(manual: None, client: Client) -> None:
    one = answer(client, LIST)["data"][0]["links"]["self"]["href"].removeprefix("http://127.0.0.1:8000")
    (error,) = answer(client, one, 400, **{"filter[title]": "x"})["errors"]
    assert error["source"] == {"parameter": "filter[title]"}
    (error,) = answer(client, NEEDS, 400, **{"filter[fulltext]": "x"})["errors"]
    assert error["source"] == {"parameter": "filter[fulltext]"}


def test_a_filter_has_its_bounds() -> None:
    def refusal(address: str) -> str:
        with pytest.raises(BadParameter) as refused:
            read(address)
        return refused.value.parameter

    many = "&".join(f"filter[c{n}][path]=title&filter[c{n}][value]=x" for n in range(filters.MOST + 1))
    assert refusal(many) == "filter"
    assert len(read("&".join(many.split("&")[:-2])).where.members) == filters.MOST
    deep = "&".join(
        f"filter[g{n}][group][conjunction]=AND&filter[g{n}][group][memberOf]={f'g{n - 1}' if n else '@root'}"
        for n in range(filters.DEEPEST + 1)
    )
    leaf = "filter[title][value]=x&filter[title][memberOf]=g{}"
    assert refusal(f"{deep}&{leaf.format(filters.DEEPEST)}").endswith("[memberOf]")
    values = "&".join(f"filter[title][value][]={n}" for n in range(filters.MOST_VALUES + 1))
    assert refusal(f"filter[title][operator]=IN&{values}") == "filter[title][value][]"
    assert refusal("filter[title]=a&filter[title]=b") == "filter[title]"
    assert refusal("filter[title]=a&filter[title][value]=b") == "filter[title][value]"
    related = next(name for name, kind in SERVICES.relationships.items() if kind == SERVICE)
    path = f"{related}." * 4 + "title"
    assert refusal(f"filter[{path}]=x") == f"filter[{path}]"


@settings(max_examples=rounds(300), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(
                st.sampled_from(
                    ["a", "b", "title", "field_needs.name", "fulltext", "need", "condition", "group", "path",
                     "value", "operator", "memberOf", "conjunction", "", "0", "@root", "x]["]
                ),
                max_size=4,
            ),
            st.sampled_from(["a", "b", "=", "IN", "IS NULL", "OR", "title", "field_paid", "1", "@root"]),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_whatever_stands_in_an_address_is_understood_or_refused(pairs: list[tuple[list[str], str]]) -> None:
    parameters = [("filter" + "".join(f"[{key}]" for key in keys), value) for keys, value in pairs]
    try:
        said = read(urlencode(parameters))
    except BadParameter as refused:
        named = refused.parameter
    else:
        named = "" if said.where.members or said.searches or not pairs else "passed over"
    assert named in ("", "filter", *dict(parameters))


def test_everything_that_is_named_can_be_asked(manual: None, client: Client) -> None:
    for kind, name in [(one, name) for one in TYPES.values() for name in filters.names(one)]:
        said = answer(
            client,
            f"/fi/jsonapi/{kind.path}",
            **{f"filter[{name}][operator]": "IS NOT NULL", "page[limit]": "1"},
        )
        assert said["meta"]["count"] >= 0
