"""Which organisations stand in which relation to a service: written down by hand."""

import pytest

from orgs.models import Organisation
from orgs.roles import Relation
from services import parties
from services.models import Service
from tests import factories

pytestmark = pytest.mark.usefixtures("vocabulary")


@pytest.fixture(params=[False, True], ids=["organised", "organised-and-produced"])
def service(request: pytest.FixtureRequest) -> Service:
    """Organised by one, who may produce it, too; produced by two others; a partner is responsible."""
    names = ("jarjestaja", "tuottaja", "toinen")
    organiser, *producers = [factories.OrganisationFactory(external_id=name) for name in names]
    made = Service.objects.create(
        external_id="palvelu", slug="palvelu", organiser=organiser,
        responsible_partner=Organisation.objects.get(external_id="espoo"),
    )  # fmt: skip
    made.producers.set([*producers, organiser] if request.param else producers)
    return made


WANTED = {Relation.OWN: ["jarjestaja", "toinen", "tuottaja"], Relation.RESPONSIBLE: ["espoo"]}


@pytest.mark.parametrize("relation", WANTED)
def test_each_relation_has_its_organisations_once(service: Service, relation: Relation) -> None:
    found = parties.organisations_in(service, relation)
    assert sorted(one.external_id for one in found) == WANTED[relation]
    assert set(parties.relations(service)[relation]) == {one.pk for one in found}
    for one in Organisation.objects.all():
        related = Service.objects.filter(parties.related(relation, [one.pk]))
        assert list(related) == ([service] if one.external_id in WANTED[relation] else [])
    everyone = Organisation.objects.values_list("pk", flat=True)
    assert Service.objects.filter(parties.related(relation, list(everyone))).count() == 1, "once"


def test_a_service_of_nobody_is_in_no_relation() -> None:
    lonely = Service.objects.create(external_id="yksin", slug="yksin")
    assert parties.relations(lonely) == {Relation.OWN: set(), Relation.RESPONSIBLE: set()}
    for relation in WANTED:
        assert parties.organisations_in(lonely, relation) == []
        assert not Service.objects.filter(parties.related(relation, [])).exists()
