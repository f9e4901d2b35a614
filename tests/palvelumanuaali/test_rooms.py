"""The rooms: imports point downwards without circles, and so do templates with their tag libraries."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.backends.django import get_installed_libraries

BASE = Path(settings.BASE_DIR)
ROOMS = ("orgs", "services", "workflow", "sanctions", "palvelumanuaali")  # from the ground up
TEMPLATES = BASE / "templates"
# What any page may include: the frame's own parts.
COMMON = "partials"


def modules() -> dict[str, Path]:
    found = {}
    for room in ROOMS:
        for path in (BASE / room).rglob("*.py"):
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(BASE).with_suffix("").parts)
                found[name.removesuffix(".__init__")] = path
    return found


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Yield our modules that one imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        yield from (found for name in names if (found := nearest(name, known)))


def nearest(name: str, known: dict[str, Path]) -> str | None:
    """Return the module that a dotted name is or is in."""
    parts = name.split(".")
    ways = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((way for way in ways if way in known), None)


def test_no_module_imports_itself_by_a_detour() -> None:
    known = modules()
    graph = {name: {one for one in imported(path, known) if one != name} for name, path in known.items()}
    assert len(graph) > 150
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def room_of(path: Path) -> str | None:
    """Return the room whose pages lie in a folder of templates; None for the frame and for libraries."""
    first = path.relative_to(TEMPLATES).parts[0]
    return first if first in ROOMS else None


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_templates_use_what_lies_below(room: str) -> None:
    above = ROOMS[ROOMS.index(room) + 1 :]
    libraries = get_installed_libraries()
    for path in TEMPLATES.rglob("*.html"):
        if room_of(path) != room:
            continue
        text = path.read_text()
        for name in re.findall(r"\{% load ([^%]*) %\}", text):
            for library in name.split():
                assert not libraries.get(library, library).startswith(above), (path, library)
        for included in re.findall(r"\{% (?:include|extends) \"([^\"]+)\"", text):
            assert not included.startswith(above), (path, included)


def test_what_every_page_may_include_is_of_no_room_above_the_ground_floor() -> None:
    libraries = get_installed_libraries()
    for path in (TEMPLATES / COMMON).rglob("*.html"):
        for name in re.findall(r"\{% load ([^%]*) %\}", path.read_text()):
            for library in name.split():
                assert not libraries.get(library, library).startswith(ROOMS[1:]), (path, library)


def test_every_room_is_an_app() -> None:
    assert {config.name for config in apps.get_app_configs()} >= set(ROOMS)
