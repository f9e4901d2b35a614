"""Publishing: what a visitor reads is exactly what was published."""

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from orgs.actors import System
from orgs.models import Organisation
from services import publishing, read_model
from services.fields import Document
from services.models import PublishedService, Service, ServiceVersion, Term
from services.publishing import AlreadyPublished, ChangedMeanwhile, Incomplete, NoLanguages
from tests import factories


def named(name: str) -> Document:
    return factories.document(texts=factories.texts(name=name))


def rows() -> dict[str, PublishedService]:
    return {row.language: row for row in PublishedService.objects.all()}


@pytest.mark.usefixtures("vocabulary")
class TestAVersion:
    def test_is_shown_in_every_site_language_with_finnish_where_a_translation_is_missing(self) -> None:
        factories.published()
        assert set(rows()) == {"fi", "sv", "en"}
        assert rows()["sv"].document["texts"]["name"] == {"text": "Kielikahvila", "lang": "fi"}
        assert rows()["sv"].document["terms"]["needs"][0]["label"] == "Språkkunskaper"

    def test_is_not_changed_by_later_work_on_the_working_copy(self) -> None:
        version = factories.published()
        factories.write(version.service, factories.document(texts=factories.texts(name="Toinen nimi")))
        publishing.rebuild()
        assert rows()["fi"].name == "Kielikahvila"

    def test_holds_public_and_internal_texts_in_documents_of_their_own(self) -> None:
        version = factories.published()
        assert "guidance" not in str(version.public_document)
        assert version.internal_document["texts"]["fi"]["guidance"] == "<p>Kerro kahvilasta asiakkaalle.</p>"

    def test_can_be_neither_changed_nor_deleted_even_past_the_application(self) -> None:
        version = factories.published()
        for statement in (
            "UPDATE services_serviceversion SET number = 9",
            "DELETE FROM services_serviceversion",
        ):
            with pytest.raises(DatabaseError, match=r"Cannot (update|delete)"), transaction.atomic():
                connection.cursor().execute(statement)
        assert ServiceVersion.objects.get() == version

    def test_replaces_the_languages_it_carries_and_leaves_the_others(self) -> None:
        content = factories.document()
        content["public"]["texts"]["sv"] = content["public"]["texts"]["fi"] | {"name": "Språkkafé"}
        service = factories.published(content=content).service
        content["public"]["texts"]["fi"]["name"] = "Uusi nimi"
        content["public"]["texts"]["sv"]["name"] = "Nytt namn"
        factories.write(service, content)
        factories.publish(service, "fi")
        assert (rows()["fi"].name, rows()["sv"].name) == ("Uusi nimi", "Språkkafé")


@pytest.mark.usefixtures("vocabulary")
class TestPublishing:
    def test_an_incomplete_service_is_refused_by_name_of_what_is_missing(self) -> None:
        service = factories.service(content=factories.document(needs=[], texts=factories.texts(execution="")))
        with pytest.raises(Incomplete, match=r"Palvelutarve, Näin palvelu toimii\."):
            factories.publish(service, "fi")
        assert not ServiceVersion.objects.exists()
        assert not PublishedService.objects.exists()

    def test_what_is_published_already_is_not_published_again(self) -> None:
        service = factories.published().service
        with pytest.raises(AlreadyPublished, match="Versio 1 julkaistiin sillä välin"):
            factories.publish(service, "fi")

    def test_who_reviewed_an_older_revision_is_refused(self) -> None:
        service = factories.published().service
        reviewed = factories.write(service, named("Kahvila"))
        factories.write(service, named("Kuppila"))
        with pytest.raises(ChangedMeanwhile, match="muutettu sen jälkeen"):
            publishing.publish(service, languages=["fi"], by=System.IMPORT, revision=reviewed)
        assert rows()["fi"].name == "Kielikahvila"

    @pytest.mark.parametrize("languages", [[], ["sv"]])
    def test_no_language_and_a_first_version_without_finnish_are_refused(self, languages: list[str]) -> None:
        content = factories.document()
        content["public"]["texts"]["sv"] = content["public"]["texts"]["fi"]
        service = factories.service(content=content)
        with pytest.raises(NoLanguages):
            publishing.publish(service, languages=languages, by=System.IMPORT, revision=1)
        assert not ServiceVersion.objects.exists()

    def test_no_language_is_refused_later_too(self) -> None:
        service = factories.published().service
        revision = factories.write(service, named("Kahvila"))
        with pytest.raises(NoLanguages):
            publishing.publish(service, languages=[], by=System.IMPORT, revision=revision)
        assert ServiceVersion.objects.count() == 1

    def test_what_is_required_for_publication_only_is_required_here(self) -> None:
        content = factories.document()
        del content["internal"]["texts"]["fi"]["guidance"]
        service = factories.service(content=content)
        with pytest.raises(Incomplete, match="Ohjaus palveluun"):
            factories.publish(service, "fi")

    def test_every_language_that_it_carries_is_checked(self) -> None:
        content = factories.document()
        content["public"]["texts"]["sv"] = {"name": "Språkkafé"}
        service = factories.service(content=content)
        with pytest.raises(Incomplete, match=r"\(ruotsi\)"):
            factories.publish(service, "fi", "sv")
        assert factories.publish(service, "fi").languages == ["fi"]

    def test_only_who_may_publish_the_service_does(self) -> None:
        service = factories.service()
        stranger = factories.member("partner", "main_user")
        for person in (stranger, factories.member("project", "project_manager")):
            with pytest.raises(PermissionDenied):
                factories.publish(service, by=person)
        espoo = Organisation.objects.get(external_id="espoo")
        version = factories.publish(service, by=factories.member("partner", "producer", espoo))
        assert version.published_as == ""

    def test_the_search_boost_counts_from_the_version_on(self) -> None:
        service = factories.published().service
        content = factories.document()
        content["editors"]["search_boost"] = 7
        factories.write(service, content)
        publishing.rebuild()
        assert rows()["fi"].boost == 0
        factories.publish(service)
        assert rows()["fi"].boost == 7

    def test_the_first_day_stays_and_the_number_grows(self) -> None:
        service = factories.published().service
        service.refresh_from_db()
        first = service.first_published_at
        factories.write(service, named("Kahvila"))
        factories.publish(service, "fi")
        service.refresh_from_db()
        assert (service.version_number, service.first_published_at) == (2, first)

    def test_a_withdrawn_service_is_on_no_page(self) -> None:
        service = factories.published().service
        publishing.unpublish(service)
        assert not rows()


@pytest.mark.usefixtures("vocabulary")
class TestRebuilding:
    def test_changes_nothing_when_nothing_changed(self) -> None:
        factories.published()
        before = list(PublishedService.objects.values().order_by("pk"))
        assert publishing.rebuild() == publishing.Change(written=0, removed=0)
        assert list(PublishedService.objects.values().order_by("pk")) == before

    def test_makes_lost_rows_again_exactly(self) -> None:
        factories.published()
        before = list(PublishedService.objects.values().order_by("language"))
        PublishedService.objects.filter(language="sv").delete()
        assert publishing.rebuild() == publishing.Change(written=1, removed=0)
        after = list(PublishedService.objects.values().order_by("language"))
        assert [row | {"id": 0} for row in after] == [row | {"id": 0} for row in before]

    def test_follows_a_changed_label(self) -> None:
        factories.published()
        term = Term.objects.get(vocabulary="need", key="language_skills")
        term.label |= {"fi": "Kielen oppiminen"}
        term.save()
        assert publishing.rebuild().written == 1
        assert rows()["fi"].document["terms"]["needs"][0]["label"] == "Kielen oppiminen"

    def test_takes_away_what_is_no_longer_published(self) -> None:
        service = factories.published().service
        Service.objects.filter(pk=service.pk).update(status="archived")
        assert publishing.rebuild() == publishing.Change(written=0, removed=3)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_succeeds_and_one_is_told() -> None:
    factories.reference_data()
    service = factories.service()
    start = threading.Barrier(2)
    outcomes: list[object] = []

    def publish() -> None:
        try:
            start.wait()
            outcomes.append(factories.publish(service, "fi").number)
        except AlreadyPublished as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    run_together(publish, publish)
    number, refusal = sorted(map(str, outcomes))
    assert number == "1"
    assert "version 1 was published meanwhile" in refusal.lower() or "sillä välin" in refusal
    assert ServiceVersion.objects.count() == 1


def run_together(*actions: Callable[[], None]) -> None:
    threads = [threading.Thread(target=action) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_beside_a_publication_does_not_bring_the_old_version_back() -> None:
    factories.reference_data()
    service = factories.published().service
    factories.write(service, named("Kahvila"))
    PublishedService.objects.update(content_hash="")  # there is something to rebuild

    def rebuild() -> None:
        try:
            publishing.rebuild()
        finally:
            connection.close()

    beside = threading.Thread(target=rebuild)
    with transaction.atomic():
        factories.publish(service, "fi")
        beside.start()
        beside.join(timeout=1)  # it waits, or has read the old version by now
    beside.join(timeout=20)
    assert not beside.is_alive()
    assert set(PublishedService.objects.values_list("number", flat=True)) == {2}


def test_rows_are_rebuilt_when_what_is_made_of_a_document_has_changed(
    vocabulary: dict[tuple[str, str], Term], monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.published()
    assert publishing.rebuild().written == 0
    monkeypatch.setattr(read_model, "VERSION", read_model.VERSION + 1)
    assert publishing.rebuild() == publishing.Change(written=3, removed=0)
    assert publishing.rebuild().written == 0
