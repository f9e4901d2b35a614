"""The demo's living pipeline: runs in every state, told relative to the day on which they are loaded.

Each story is acted by the people of its pair through the very actions of the desk, on the days on
which it happened.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orgs import clock
from orgs.models import Organisation, User
from services import working_copy
from services.documents import text
from services.fields import Audience
from services.models import Service
from services.shape import Path
from workflow import editing, pairs, review, sweep
from workflow.actions import creating, pauses, reviewing, runs, seasons
from workflow.models import HolidaySeason, Pause, Run, Updater

Changes = Mapping[Path, Any]
_LONG_AGO = 110  # days


def _words(**texts: str) -> Changes:
    return {text(Audience.PUBLIC, "fi", name): words for name, words in texts.items()}


def _swedish(**texts: str) -> Changes:
    return {text(Audience.PUBLIC, "sv", name): words for name, words in texts.items()}


@dataclass
class Story:
    """A run of one service, and the two who work on it."""

    service: Service
    provider: User
    partner: User

    @property
    def run(self) -> Run:
        """Return the service's newest run as it is now."""
        return Run.objects.filter(service=self.service).latest("pk")

    def write(self, days_ago: int, changes: Changes, *, by: User | None = None) -> None:
        """Write a draft."""
        with _ago(days_ago):
            base = working_copy.revision_of(self.service)
            editing.save(self.service, changes, by=by or self.provider, base=base)

    def submit(self, days_ago: int) -> None:
        """Submit it, the first time or again."""
        with _ago(days_ago):
            runs.submit(self.run, by=self.provider)

    def send_back(self, days_ago: int, reason: str) -> None:
        """Return it to the provider."""
        with _ago(days_ago):
            runs.return_to_provider(self.run, by=self.partner, reason=reason)

    def pause(self, days_ago: int, reason: Pause.Reason, words: str) -> None:
        """Stop the clock."""
        with _ago(days_ago):
            pauses.pause(self.run, by=self.partner, reason=reason, text=words)

    def publish(self, days_ago: int) -> None:
        """Confirm the internal sections and publish."""
        with _ago(days_ago):
            reviewing.confirm_sections(self.run, review.INTERNAL_GROUPS, by=self.partner)
            revision = working_copy.revision_of(self.service)
            reviewing.publish(self.run, by=self.partner, revision=revision)


def _ago(days: int) -> Any:
    return clock.as_of(clock.today() - datetime.timedelta(days=days))


def _story(external_id: str, provider: str = "", partner: str = "") -> Story:
    """Return a service with its pair; named people become its updaters, long ago."""
    service = Service.objects.get(external_id=external_id)
    manager = User.objects.get(email="projektipaallikko@projekti.example")
    for half, email in ((Updater.Half.PROVIDER, provider), (Updater.Half.PARTNER, partner)):
        if email:
            with _ago(_LONG_AGO):
                pairs.name_updater(service, half, User.objects.get(email=email), by=manager)
    both = [pairs.current(service, half) for half in (Updater.Half.PROVIDER, Updater.Half.PARTNER)]
    assert both[0] is not None
    assert both[1] is not None
    return Story(service, both[0].user, both[1].user)


_ONNI, _ILMARI = "tuottaja@kielisilta.example", "tuottaja@helsinki.example"
_SAARA, _KATRI = "paakayttaja@opintie.example", "paakayttaja@vantaa.example"


def act() -> None:
    """Let everything happen that the demo's desks show today."""
    for part in (_in_review, _late, _standing, _waiting, _drafts, _over, _new_service, _seasons, _findings):
        part()
    sweep.sweep()


def _in_review() -> None:
    course = _story("helsinki-tyoelamakurssi", _ONNI, _ILMARI)
    course.write(8, _words(
        duration="10 viikkoa, 18 tuntia viikossa",
        requirements="<p>Osaat suomea jo vähän: ymmärrät tuttuja sanoja ja lyhyitä lauseita"
        " (taso A1.3 tai A2). Osaat kirjoittaa latinalaisilla aakkosilla.</p>",
    ))  # fmt: skip
    course.submit(5)
    logistics = _story("vantaa-logistiikka", partner=_KATRI)
    logistics.write(7, _words(duration="12 viikkoa, joista 4 viikkoa työpaikalla"))
    logistics.submit(6)
    english = _story("espoo-ohjelmistokehittaja", _SAARA)
    english.write(4, _swedish(name="Bli mjukvaruutvecklare", summary="Du lär dig programmera på ett halvår."))
    english.write(4, _words(duration="6 kuukautta, 30 tuntia viikossa"))
    # The Swedish text is still on its way: only what is ready is submitted.
    with _ago(3):
        runs.submit(english.run, by=english.provider, languages=["fi"])
    soon = _story("helsinki-digiryhma", partner=_ILMARI)
    soon.write(13, _words(duration="Viisi tapaamista, 2 tuntia kerrallaan"))
    soon.submit(12)


def _late() -> None:
    career = _story("helsinki-uraohjaus", partner=_ILMARI)
    career.write(19, _words(duration="3–5 tapaamista, yhteensä 8 viikkoa"))
    career.submit(18)
    longer = _story("espoo-yritysidea")
    longer.write(12, _words(duration="8 viikkoa, yksi ilta viikossa"))
    longer.submit(10)
    with _ago(6):
        reason = "Starttirahan ohje muuttui, ja työohjeen kohta etuuksista pitää selvittää erikseen."
        pauses.lengthen(longer.run, by=longer.partner, reason=reason)


def _standing() -> None:
    workshop = _story("helsinki-tuuma", partner=_ILMARI)
    workshop.write(11, _words(duration="3–12 kuukautta, 3 päivää viikossa"))
    workshop.submit(9)
    workshop.pause(4, Pause.Reason.LEGAL, "Kaupungin lakimies selvittää, miten vakuutus kattaa työt.")
    mind = _story("espoo-mielen-ryhma")
    mind.write(9, _words(duration="8 tapaamista, joka toinen viikko"))
    mind.submit(8)
    mind.pause(1, Pause.Reason.OTHER, "Palvelun nimi vaihtuu, ja uusi päätetään ensi viikon kokouksessa.")
    move = _story("vantaa-tyohonvalmennus", partner=_KATRI)
    move.write(8, _words(duration="6 kuukautta"))
    move.submit(7)
    move.pause(2, Pause.Reason.PROVIDER, "Polkusäätiö tarkistaa, alkaako uusi ryhmä jo tammikuussa.")


def _waiting() -> None:
    cafe = _story("helsinki-kielikahvila", _ONNI, _ILMARI)
    cafe.write(7, _words(
        summary="Puhut suomea rennossa ryhmässä muiden työnhakijoiden kanssa. Kahvi on ilmainen."
    ))  # fmt: skip
    cafe.submit(6)
    cafe.send_back(2, "Kerro, missä kahvila on keväällä. Kirjaston tila on remontissa.")
    care = _story("espoo-hoiva-avustaja", _SAARA)
    care.write(6, _words(duration="5 kuukautta, josta 7 viikkoa työpaikalla"))
    care.submit(4)
    care.send_back(1, "Lisää kohtaan Mitä tarvitset, että rikostaustaote pyydetään ennen harjoittelua.")


def _drafts() -> None:
    plain = _story("helsinki-selkosuomi", _ILMARI, _ILMARI)
    plain.write(1, _words(summary="Kirjoitat selkokielellä hakemuksen ja ansioluettelon pienessä ryhmässä."))
    remote = _story("vantaa-etavalmennus", _KATRI, _KATRI)
    remote.write(3, _words(duration="6 viikkoa etänä"))
    rowing = _story("raasepori-puuveneen-rakennus")
    rowing.write(2, _swedish(duration="5 månader, varav en månad på en arbetsplats"))


def _over() -> None:
    """One run that was published in time, and one that was withdrawn."""
    done = _story("kerava-korttikoulutukset")
    done.write(34, _words(duration="1–2 päivää koulutusta kohti"))
    done.submit(33)
    done.publish(28)
    gone = _story("kerava-tyopaikkaohjaaja")
    gone.write(21, _words(duration="Kaksi iltapäivää"))
    gone.submit(20)
    with _ago(18):
        runs.withdraw(gone.run, by=gone.provider)


def _new_service() -> None:
    onni, helsinki = User.objects.get(email=_ONNI), Organisation.objects.get(external_id="helsinki")
    provider = Organisation.objects.get(external_id="kielisilta")
    with _ago(9):
        run = creating.create(
            provider,
            names={"fi": "Kielikahvila illalla", "sv": "Språkkafé på kvällen"},
            partner=helsinki,
            by=onni,
        )
    model = working_copy.read(Service.objects.get(external_id="helsinki-kielikahvila"))["public"]
    values: dict[Path, Any] = {
        ("public", name): model[name]
        for name in ("audiences", "categories", "life_situations", "needs", "delivery", "any_municipality")
    } | {("public", "municipalities"): model["municipalities"]}
    texts = {
        "summary": "Puhut suomea iltaisin rennossa ryhmässä töiden tai opiskelun jälkeen.",
        "target_group": "<p>Sopii sinulle, jos olet päivisin töissä ja haluat puhua suomea.</p>",
        "participation": "<ol><li><h3>Tule paikalle</h3><p>Et tarvitse ilmoittautumista.</p></li></ol>",
        "requirements": "<p>Osaat sanoa suomeksi nimesi ja mistä tulet.</p>",
        "execution": "<p>Ryhmä kokoontuu keskiviikkoisin klo 18–20 Kallion kirjastossa.</p>",
    }
    swedish = {
        "summary": "Du talar finska på kvällen i en avslappnad grupp efter jobbet eller studierna.",
        "target_group": "<p>Passar dig som arbetar eller studerar på dagarna och vill tala finska.</p>",
        "participation": "<ol><li><h3>Kom till platsen</h3><p>Du behöver inte anmäla dig.</p></li></ol>",
        "requirements": "<p>Du kan säga på finska vad du heter och varifrån du kommer.</p>",
        "execution": "<p>Gruppen träffas på onsdagar kl. 18–20 i Berghälls bibliotek.</p>",
    }
    language: dict[Path, Any] = {
        ("public", "languages"): ["fi"],
        ("public", "languages", "fi", "level"): "a1",
    }
    story = Story(run.service, onni, User.objects.get(email=_ILMARI))
    story.write(8, {**values, **language, **_words(**texts), **_swedish(**swedish)})
    story.submit(6)


def _seasons() -> None:
    """The Christmas season to come."""
    today = clock.today()
    first = datetime.date(today.year, 12, 21)
    if first <= today:
        first = datetime.date(today.year + 1, 12, 21)
    season = HolidaySeason(first_day=first, last_day=datetime.date(first.year + 1, 1, 6))
    seasons.save(season, by=User.objects.get(email="projektipaallikko@projekti.example"))


def _findings() -> None:
    """Two services without a working pair: their updaters have gone on to other work."""
    halves = (("vantaa-kotoutuminen", Updater.Half.PARTNER), ("helsinki-ulkomailta", Updater.Half.PROVIDER))
    for external_id, half in halves:
        updater = pairs.current(Service.objects.get(external_id=external_id), half)
        assert updater is not None
        updater.end(clock.today())
