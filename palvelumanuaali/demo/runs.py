"""The demo's living pipeline: runs in every state, told relative to the day on which they are loaded.

Each story happens on its days, the breaches' first, since they began long ago.
"""

import datetime
from typing import Any

from orgs import clock
from orgs.models import Organisation, User
from palvelumanuaali.demo import cases
from palvelumanuaali.demo.story import Story, ago, instructions, story_of, swedish, words
from services import documents, publishing, working_copy
from services.models import Service
from services.shape import Path
from workflow import pairs, sweep
from workflow.actions import creating, pauses, runs, seasons
from workflow.models import HolidaySeason, Pause, Updater

_ONNI, _ILMARI = "tuottaja@kielisilta.example", "tuottaja@helsinki.example"
_SAARA, _KATRI = "paakayttaja@opintie.example", "paakayttaja@vantaa.example"


def act() -> None:
    """Let everything happen that the demo's desks show today."""
    cases.act()
    for part in (
        _on_time,
        _in_review,
        _late,
        _standing,
        _waiting,
        _drafts,
        _instructions,
        _over,
        _new_service,
        _seasons,
        _findings,
    ):
        part()
    sweep.sweep()


# How many days the review of a finished run took, in turn.
_TOOK = (4, 6, 5, 7, 9, 6, 5, 12, 6, 8, 5, 6, 7, 13, 5, 6)
_AFTER = 3  # days from a publication to the next draft
_TOLD_ELSEWHERE = frozenset(
    {
        *("helsinki-tyoelamakurssi", "vantaa-logistiikka", "espoo-ohjelmistokehittaja", "helsinki-digiryhma"),
        *("helsinki-uraohjaus", "espoo-yritysidea", "helsinki-tuuma", "espoo-mielen-ryhma"),
        *("vantaa-tyohonvalmennus", "helsinki-kielikahvila", "espoo-hoiva-avustaja", "helsinki-selkosuomi"),
        *("vantaa-etavalmennus", "raasepori-puuveneen-rakennus", "kerava-korttikoulutukset"),
        *("kerava-tyopaikkaohjaaja", "vantaa-kotoutuminen", "helsinki-ulkomailta", *cases.LATE),
        *("vantaa-rekrytoinnin-apu", "vantaa-lentoasema", "kerava-arjen-ryhma", "vantaa-talousryhma"),
    }
)


def _on_time() -> None:
    """What was published this autumn, most of it in time."""
    others = Service.objects.filter(status=Service.Status.PUBLISHED).exclude(external_id__in=_TOLD_ELSEWHERE)
    took = iter(_TOOK)
    for service in others.order_by("external_id"):
        document = publishing.newest_document(service)
        version = publishing.newest_version(service)
        duration = document["public"]["texts"]["fi"].get("duration") if document else None
        if not duration or version is None:
            continue
        published = (clock.today() - clock.day_of(version.published_at)).days
        days = next(took, None)
        if days is None:
            return
        if published - _AFTER - 1 - days < 1:
            continue
        story = story_of(service.external_id)
        story.write(published - _AFTER, words(duration=f"{duration}, aikataulu sovitaan alussa"))
        story.submit(published - _AFTER - 1)
        story.publish(published - _AFTER - 1 - days)


def _in_review() -> None:
    course = story_of("helsinki-tyoelamakurssi", _ONNI, _ILMARI)
    course.write(8, words(
        duration="10 viikkoa, 18 tuntia viikossa",
        requirements="<p>Osaat suomea jo vähän: ymmärrät tuttuja sanoja ja lyhyitä lauseita"
        " (taso A1.3 tai A2). Osaat kirjoittaa latinalaisilla aakkosilla.</p>",
    ))  # fmt: skip
    course.submit(5)
    logistics = story_of("vantaa-logistiikka", partner=_KATRI)
    logistics.write(7, words(duration="12 viikkoa, joista 4 viikkoa työpaikalla"))
    logistics.submit(6)
    english = story_of("espoo-ohjelmistokehittaja", _SAARA)
    english.write(4, swedish(name="Bli mjukvaruutvecklare", summary="Du lär dig programmera på ett halvår."))
    english.write(4, words(duration="6 kuukautta, 30 tuntia viikossa"))
    # The Swedish text is still on its way: only what is ready is submitted.
    with ago(3):
        runs.submit(english.run, by=english.provider, languages=["fi"])
    soon = story_of("helsinki-digiryhma", partner=_ILMARI)
    soon.write(13, words(duration="Viisi tapaamista, 2 tuntia kerrallaan"))
    soon.submit(12)


def _late() -> None:
    career = story_of("helsinki-uraohjaus", partner=_ILMARI)
    career.write(19, words(duration="3–5 tapaamista, yhteensä 8 viikkoa"))
    career.submit(18)
    longer = story_of("espoo-yritysidea")
    longer.write(12, words(duration="8 viikkoa, yksi ilta viikossa"))
    longer.submit(10)
    with ago(6):
        reason = "Starttirahan ohje muuttui, ja työohjeen kohta etuuksista pitää selvittää erikseen."
        pauses.lengthen(longer.run, by=longer.partner, reason=reason)


def _standing() -> None:
    workshop = story_of("helsinki-tuuma", partner=_ILMARI)
    workshop.write(11, words(duration="3–12 kuukautta, 3 päivää viikossa"))
    workshop.submit(9)
    workshop.pause(4, Pause.Reason.LEGAL, "Kaupungin lakimies selvittää, miten vakuutus kattaa työt.")
    mind = story_of("espoo-mielen-ryhma")
    mind.write(9, words(duration="8 tapaamista, joka toinen viikko"))
    mind.submit(8)
    mind.pause(1, Pause.Reason.OTHER, "Palvelun nimi vaihtuu, ja uusi päätetään ensi viikon kokouksessa.")
    move = story_of("vantaa-tyohonvalmennus", partner=_KATRI)
    move.write(8, words(duration="6 kuukautta"))
    move.submit(7)
    move.pause(2, Pause.Reason.LEGAL, "Hankintajuristi selvittää, saako kesto muuttua kesken sopimuskauden.")


def _waiting() -> None:
    cafe = story_of("helsinki-kielikahvila", _ONNI, _ILMARI)
    cafe.write(7, words(
        summary="Puhut suomea rennossa ryhmässä muiden työnhakijoiden kanssa. Kahvi on ilmainen."
    ))  # fmt: skip
    cafe.submit(6)
    cafe.send_back(2, "Kerro, missä kahvila on keväällä. Kirjaston tila on remontissa.")
    care = story_of("espoo-hoiva-avustaja", _SAARA)
    care.write(6, words(duration="5 kuukautta, josta 7 viikkoa työpaikalla"))
    care.submit(4)
    care.send_back(1, "Lisää kohtaan Mitä tarvitset, että rikostaustaote pyydetään ennen harjoittelua.")


def _drafts() -> None:
    plain = story_of("helsinki-selkosuomi", _ILMARI, _ILMARI)
    plain.write(1, words(summary="Kirjoitat selkokielellä hakemuksen ja ansioluettelon pienessä ryhmässä."))
    remote = story_of("vantaa-etavalmennus", _KATRI, _KATRI)
    remote.write(3, words(duration="6 viikkoa etänä"))
    rowing = story_of("raasepori-puuveneen-rakennus")
    rowing.write(2, swedish(duration="5 månader, varav en månad på en arbetsplats"))


def _instructions() -> None:
    """Drafts of instructions: beside a public text in review, alone, and a municipality's own."""
    beside = story_of("helsinki-tyoelamakurssi")
    _add_to_guidance(beside, 2, "Uusi ryhmä alkaa tammikuussa: kysy paikka tuottajalta ennen ohjaamista.")
    alone = story_of("helsinki-digiryhma")
    _add_to_guidance(alone, 3, "Lainakoneita on viisi. Kirjaa tarve ilmoittautumisen yhteydessä.")
    katri = User.objects.get(email=_KATRI)
    own = documents.municipal_text("092", "fi", "guidance")
    cafe = story_of("helsinki-kielikahvila")
    cafe.write(1, {own: "<p>Vantaalta asiakas ohjataan Tikkurilan ryhmään.</p>"}, by=katri)


def _add_to_guidance(story: Story, days_ago: int, sentence: str) -> None:
    said = working_copy.read(story.service)["internal"]["texts"]["fi"].get("guidance", "")
    story.write(days_ago, instructions(guidance=f"{said}<p>{sentence}</p>"), by=story.partner)


def _over() -> None:
    """One run that was published in time, and one that was withdrawn."""
    done = story_of("kerava-korttikoulutukset")
    done.write(34, words(duration="1–2 päivää koulutusta kohti"))
    done.submit(33)
    done.publish(28)
    gone = story_of("kerava-tyopaikkaohjaaja")
    gone.write(21, words(duration="Kaksi iltapäivää"))
    gone.submit(20)
    with ago(18):
        runs.withdraw(gone.run, by=gone.provider)


def _new_service() -> None:
    onni, helsinki = User.objects.get(email=_ONNI), Organisation.objects.get(external_id="helsinki")
    provider = Organisation.objects.get(external_id="kielisilta")
    with ago(9):
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
    translated = {
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
    story.write(8, {**values, **language, **words(**texts), **swedish(**translated)})
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
