"""Services made by rule, as many as a benchmark wants, in a database of its own.

Beside their own texts they have words that are distributed as words are: the nth commonest stands in
about 1/n of the places.
"""

import datetime
import itertools
import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palvelumanuaali.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from orgs import clock  # noqa: E402
from services import generated, read_model  # noqa: E402
from services.exchange.importing import import_file  # noqa: E402
from services.models import PublishedService, Service  # noqa: E402
from services.texts.tokens import tokens_of  # noqa: E402
from services.vocabularies import Words, load  # noqa: E402

VOCABULARY, DRAWN = 60_000, 60  # distinct words, and how many a service has of them
EVERYWHERE = 0.9  # of the services have the commonest word
CHUNK = 2_000
SYLLABLES = [c + v for c in "hjklmnprstv" for v in ("a", "e", "i", "o", "u", "aa", "ie", "uo")]


def word(rank: int) -> str:
    """Return the nth commonest word: of two to five syllables, the same in every run."""
    chance = random.Random(rank)
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) + f"{rank % 97:x}"


WORDS = [word(rank) for rank in range(1, VOCABULARY + 1)]
WEIGHTS = list(itertools.accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
EVERY = "yleissana"


def text_of(number: int) -> str:
    chance = random.Random(number)
    words = chance.choices(WORDS, cum_weights=WEIGHTS, k=DRAWN)
    return " ".join([*words, *([EVERY] if chance.random() < EVERYWHERE else [])])


def rows(first: int, last: int, words: Words) -> Iterator[tuple[Service, PublishedService]]:
    now = clock.now()
    for number, service in enumerate(itertools.islice(generated.generate(last, words), first, None), first):
        public = service["public"]
        external_id = f"palvelu-{number}"
        identity = {"id": external_id, "slug": external_id, "updated_on": "2027-01-01"}
        row = read_model.resolve(identity | {"responsible_partner": None}, public, "fi", words)
        tokens = tokens_of([*row.search_texts, ("C", "", text_of(number))])
        yield (
            Service(external_id=external_id, slug=external_id, status=Service.Status.PUBLISHED),
            PublishedService(
                language="fi", slug=external_id, external_id=external_id, name=row.name,
                sort_key=read_model.sort_key(row.name), document=row.document, keys=row.keys,
                attachment_ids=[], starts=row.starts, search="", tokens=tokens.text, impacts=tokens.impacts,
                boost=number % 11 if number % 50 == 0 else 0, number=1, content_hash="",
                written_by=read_model.VERSION,
                published_at=now - datetime.timedelta(hours=number), first_published_at=now,
            ),
        )  # fmt: skip


def fill(first: int, last: int, words: Words) -> None:
    made = rows(first, last, words)
    while chunk := list(itertools.islice(made, CHUNK)):
        services = Service.objects.bulk_create([service for service, _row in chunk])
        for service, (_service, row) in zip(services, chunk, strict=True):
            row.service = service
        PublishedService.objects.bulk_create([row for _service, row in chunk])
        print(f"  {chunk[-1][1].external_id}", end="\r", file=sys.stderr)


def resident() -> int:
    """Return how many megabytes of memory the process holds."""
    status = Path("/proc/self/status").read_text().split("VmRSS:")[1]
    return int(status.split()[0]) // 1024


def prepare() -> Words:
    """Make the tables, the vocabularies and some partners; return the words."""
    call_command("migrate", verbosity=0)
    vocabularies = json.loads((settings.BASE_DIR / "services/data/vocabularies.json").read_bytes())
    names = ["espoo", "vantaa", "helsinki"]
    partners = [
        {"id": one, "kind": "partner", "name": {"fi": one.title()}, "municipalities": []} for one in names
    ]
    import_file(vocabularies | {"organisations": partners})
    return load()
