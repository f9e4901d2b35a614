"""The list's state lives in the address."""

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from services.search.query import FILTERS, SORTS, Ignored, ListQuery

KNOWN = {name: ["a", "b", "091"] for name in FILTERS}

queries = st.builds(
    ListQuery,
    q=st.text(max_size=100).map(lambda text: " ".join(text.replace("\x00", " ").split())),
    selected=st.dictionaries(
        st.sampled_from(FILTERS),
        st.lists(st.sampled_from(["a", "b", "091"]), min_size=1, unique=True).map(tuple),
    ),
    sort=st.sampled_from(SORTS),
    page=st.integers(1, 1_000_000),
)


@given(queries)
def test_what_is_written_to_the_address_is_read_back(query: ListQuery) -> None:
    assert ListQuery.read(QueryDict(query.urlencode()), KNOWN) == (query, [])


@given(st.text(max_size=300))
def test_no_address_is_an_error(address: str) -> None:
    query, _ignored = ListQuery.read(QueryDict(address), KNOWN)
    assert query.page >= 1


def test_unknown_values_are_left_out_and_told_of() -> None:
    query, ignored = ListQuery.read(QueryDict("need=a&need=zzz&sort=price&page=-1&utm_source=x"), KNOWN)
    assert query == ListQuery(selected={"need": ("a",)})
    assert ignored == [Ignored("need", "zzz"), Ignored("sort", "price"), Ignored("page", "-1")]


@given(queries)
def test_a_value_added_and_removed_leaves_the_rest_as_it_was(query: ListQuery) -> None:
    changed = query.with_value("need", "new").without("need", "new")
    assert dict(changed.selected) == dict(query.selected)
    assert changed.page == 1
