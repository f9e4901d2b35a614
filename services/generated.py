"""Services made by rule for load tests: the same number always gives the same service."""

import datetime
import random
from collections.abc import Iterator, Sequence
from typing import Any

from services import documents, fields
from services.fields import Audience, Kind
from services.vocabularies import Words

FIRST_DAY = datetime.date(2027, 1, 11)  # a Monday
_SUBJECTS = (
    *("työnhaku", "suomen kieli", "uraohjaus", "hitsaus", "asiakaspalvelu", "kirjanpito", "hoiva-ala"),
    *("puutarhatyö", "logistiikka", "ohjelmointi", "yrittäjyys", "työkyky", "digitaidot", "ravintola-ala"),
    *("rakentaminen", "metallityö", "kaupan ala", "siivous", "lähihoito", "taloushallinto", "matkailu"),
)
_FORMS = ("valmennus", "kurssi", "ryhmä", "neuvonta", "työpaja", "koulutus", "klubi", "jakso")
_AIMS = (
    *("Löydät sopivan työpaikan.", "Opit uuden taidon.", "Saat varmuutta työnhakuun."),
    *("Tapaat alan työnantajia.", "Teet suunnitelman ohjaajan kanssa.", "Harjoittelet oikeissa tehtävissä."),
)


def generate(count: int, words: Words) -> Iterator[dict[str, Any]]:
    """Yield `count` services as they stand in an exchange file; number i depends on i and the words only."""
    for number in range(count):
        yield _service(number, words)


def _service(number: int, words: Words) -> dict[str, Any]:
    chance = random.Random(number)  # noqa: S311  reproducible on purpose
    subject, form = chance.choice(_SUBJECTS), chance.choice(_FORMS)
    name = f"{subject.capitalize()}: {form} {number + 1}"
    organisations = sorted(words.organisations)
    partners = sorted(o.external_id for o in words.organisations.values() if o.kind == "partner")
    document = documents.empty()
    public = document["public"]
    public |= {
        "organiser": chance.choice(organisations),
        "producers": [chance.choice(organisations)],
        "audiences": ["job_seeker"] if chance.random() < 0.85 else ["employer"],
        "languages": [{"language": chance.choice(words.keys("service_language")), "level": None}],
        "any_municipality": chance.random() < 0.2,
        "paid": chance.random() < 0.1,
        "schedules": [_schedule(chance)],
        "contacts": [_contact(number)],
        "texts": {"fi": _public_texts(chance, name, subject, form)},
    }
    public["price"] = f"{chance.randint(5, 200)}.00" if public["paid"] else None
    if not public["any_municipality"]:
        public["municipalities"] = _some(chance, sorted(words.municipalities), 5)
    for field in fields.of(Audience.PUBLIC):
        if field.kind is Kind.TERMS and field.vocabulary and not public[field.name]:
            public[field.name] = _some(chance, words.keys(field.vocabulary), 3)
    document["internal"] |= {
        "obligation": "if_in_plan",
        "statement": "not_given",
        "texts": {"fi": _internal_texts(subject, form)},
    }
    name = f"generated-{number + 1:06d}"
    responsibility = {
        "partner": chance.choice(partners),
        "basis": "regional",
        "from": "2024-09-01",
        "decision": "Yhteinen työsopimus",
    }
    return {
        "id": name,
        "slug": name,
        "status": "published",
        "responsibility": [responsibility],
    } | document


def _some(chance: random.Random, keys: Sequence[str], most: int) -> list[str]:
    return sorted(chance.sample(list(keys), chance.randint(1, min(most, len(keys)))))


def _schedule(chance: random.Random) -> dict[str, Any]:
    starts = FIRST_DAY + datetime.timedelta(weeks=chance.randint(0, 40))
    date = {
        "starts": starts.isoformat(),
        "ends": (starts + datetime.timedelta(weeks=8)).isoformat(),
        "from": None,
        "to": None,
        "apply_by": None,
    }
    return {
        "kind": "period",
        "place": None,
        "dates": [date],
        "hours": {"mon": [["09:00", "13:00"]]},
        "place_text": {},
        "time_text": {},
    }


def _contact(number: int) -> dict[str, Any]:
    return {
        "kind": "organisation",
        "name": "Neuvonta",
        "title": {},
        "email": f"neuvonta{number + 1}@manuaali.example",
        "phone": "09 000 0000",
        "info": {"fi": "ma–pe klo 9–15"},
        "municipality": None,
    }


def _public_texts(chance: random.Random, name: str, subject: str, form: str) -> dict[str, str]:
    aims = " ".join(chance.sample(_AIMS, 3))
    return {
        "name": name,
        "summary": f"{form.capitalize()}, jonka aihe on {subject}. {aims}",
        "description": f"<p>Palvelun aihe on {subject}. {aims}</p>",
        "target_group": "<p>Palvelu sopii sinulle, jos haet töitä.</p>",
        "participation": "<ol><li><h3>Ota yhteyttä</h3><p>Soita tai kirjoita neuvontaan.</p></li></ol>",
        "requirements": "<p>Et tarvitse aiempaa kokemusta.</p>",
        "execution": f"<p>Toteutustapa on {form}. Tapaamme kerran viikossa.</p>",
    }


def _internal_texts(subject: str, form: str) -> dict[str, str]:
    return {
        "guidance": f"<p>Ohjaa asiakas, kun tavoitteena on {subject}.</p>",
        "preconditions": "<p>Tarkista, että työnhaku on voimassa.</p>",
        "obligation_text": "<p>Kirjaa sovittu palvelu suunnitelmaan.</p>",
        "system_entries": f"<p>Kirjaa järjestelmään: {form} alkoi.</p>",
        "benefit_effects": "<p>Palvelu ei vaikuta työttömyysetuuteen.</p>",
    }
