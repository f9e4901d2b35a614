"""Valkey is away: people sign in, guessing is still slowed down, and health says what is wrong."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings as project
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from palvelumanuaali.cache import JsonSerializer
from palvelumanuaali.secret_key import KNOWN, refuse_demo_in_earnest, refuse_known_key
from services import vocabularies
from services.models import Term
from tests import factories
from tests.clients import Client
from tests.moment import NOW
from tests.valkey import OwnValkey

LOGIN = "/fi/account/login/"
OWN_KEY = "x" * 50


@pytest.fixture
def valkey(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnValkey]:
    """Put a Valkey of our own in place of the one that all tests share."""
    made = OwnValkey(tmp_path_factory.mktemp("v"))
    with time_machine.travel(NOW, tick=True):
        made.start()
        settings.CACHES = settings.CACHES | {"default": settings.CACHES["default"] | {"LOCATION": made.url}}
        settings.REDIS_URL = made.url
        yield made
        made.stop()


@pytest.mark.django_db
def test_signing_in_and_asking_for_a_new_password_go_on(valkey: OwnValkey) -> None:
    user = factories.member("partner", "expert")
    valkey.stop()
    answer = Client().post(LOGIN, {"login": user.email, "password": factories.PASSWORD})
    assert answer.status_code == 302
    assert Client().post("/fi/account/password/reset/", {"email": user.email}).status_code == 302
    assert Client().get("/fi/").status_code == 200


@pytest.mark.django_db
def test_guessing_is_slowed_down_all_the_same(valkey: OwnValkey) -> None:
    user = factories.member("partner", "expert")
    valkey.stop()
    for number in range(7):
        Client().post(LOGIN, {"login": user.email, "password": f"arvaus-{number}-arvaus"})
    client = Client()
    client.post(LOGIN, {"login": user.email, "password": factories.PASSWORD})
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_changed_words_are_read_anew_while_it_is_away(
    valkey: OwnValkey, vocabulary: dict[tuple[str, str], Term], django_capture_on_commit_callbacks: Any
) -> None:
    term = vocabulary["need", "language_skills"]
    assert vocabularies.words()
    valkey.stop()
    with django_capture_on_commit_callbacks(execute=True):
        term.label = {"fi": "Kielen oppiminen"}
        term.save()
    assert "Kielen oppiminen" in str(vocabularies.words())


@pytest.mark.django_db(transaction=True)
def test_health_says_that_it_is_away(valkey: OwnValkey) -> None:
    assert Client().get("/health/").status_code == 200
    valkey.stop()
    answer = Client().get("/health/", headers={"Accept": "application/json"})
    assert answer.status_code == 500
    assert "Redis" in answer.text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(0, 2**40) | st.text(),
        lambda inner: st.lists(inner, max_size=4),
        max_leaves=8,
    )
)
def test_what_the_cache_keeps_comes_back_as_it_was(value: Any) -> None:
    kept = JsonSerializer().dumps(value)
    assert JsonSerializer().loads(kept if isinstance(kept, bytes) else str(kept).encode()) == value


def test_what_someone_puts_into_valkey_runs_no_code() -> None:
    with pytest.raises(json.JSONDecodeError):
        JsonSerializer().loads(pickle.dumps(print))


@pytest.mark.django_db
def test_the_cache_counts(valkey: OwnValkey) -> None:
    cache.set("n", 1)
    assert cache.incr("n") == 2
    assert cache.get("n") == 2


@pytest.mark.parametrize(("https", "demo"), [(True, True), (True, False), (False, False)])
def test_a_key_that_everyone_knows_starts_nothing_but_the_demo_on_ones_own_machine(
    https: bool, demo: bool
) -> None:
    with pytest.raises(ImproperlyConfigured, match="everyone knows"):
        refuse_known_key(KNOWN, https=https, demo=demo)
    refuse_known_key(OWN_KEY, https=https, demo=demo)
    refuse_known_key(KNOWN, https=False, demo=True)


@pytest.mark.parametrize("name", ["DEMO", "DEBUG"])
def test_neither_the_demo_nor_the_debug_mode_is_served_over_https(name: str) -> None:
    on = {"demo": name == "DEMO", "debug": name == "DEBUG"}
    with pytest.raises(ImproperlyConfigured, match=f"{name}=true"):
        refuse_demo_in_earnest(https=True, **on)
    refuse_demo_in_earnest(https=False, **on)
    refuse_demo_in_earnest(https=True, demo=False, debug=False)


def test_a_short_key_does_not_start_over_https() -> None:
    with pytest.raises(ImproperlyConfigured, match="too short"):
        refuse_known_key("lyhyt", https=True, demo=False)


def test_the_settings_ask_and_the_compose_file_has_the_known_key_only() -> None:
    compose = (project.BASE_DIR / "docker-compose.yml").read_text()
    assert f"${{SECRET_KEY:-{KNOWN}}}" in compose
    place = {"SECRET_KEY": KNOWN, "BASE_URL": "https://palvelumanuaali.example", "DEMO": "true"}
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=project.BASE_DIR, env=os.environ | place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode != 0
    assert "everyone knows" in ended.stderr


@pytest.mark.django_db(transaction=True)
def test_the_container_asks_under_the_name_that_the_public_knows(live_server: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["palvelumanuaali.example"]
    answers = {}
    for base in ("http://palvelumanuaali.example", "http://127.0.0.1:8000"):
        ended = subprocess.run(
            [sys.executable, "-m", "palvelumanuaali.healthy", f"{live_server.url}/health/"],
            cwd=project.BASE_DIR, env=os.environ | {"BASE_URL": base}, capture_output=True, check=False,
        )  # fmt: skip
        answers[base] = ended.returncode
    assert answers == {"http://palvelumanuaali.example": 0, "http://127.0.0.1:8000": 1}
