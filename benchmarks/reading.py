"""How fast published content is read: ours beside a bare server and a file server, in one run.

    make bench                        340 services
    make bench SIZE=20000 OUT=figures.json

Needs `wrk` and `nginx` beside what the project installs. Every server has two workers and answers the same
bytes; every second round goes the other way round. Printed are medians of the rounds and their spread;
ratios hold on other machines, requests a second don't.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from content import fill, prepare  # sets Django up
from django.conf import settings

from services.uuids import SERVICE, uuid_of

PAGES = {
    "detail": "/fi/palvelut/palvelu-7/",
    "list": "/fi/palvelut/?need=job_search",
    "front": "/fi/",
    "resource": f"/fi/jsonapi/node/service/{uuid_of(SERVICE, 'palvelu-7')}",
    "resources": "/fi/jsonapi/node/service?page%5Blimit%5D=20",
}
ROUNDS, SECONDS, CONNECTIONS = 3, 5, 16
PORTS = {"kept": 8101, "not kept": 8102, "bare": 8103, "file": 8104, "row": 8105}
# A new page each time, so that nobody waits for another's.
SERVICES_IN_TURN = """
local number = 0
request = function()
  number = (number + 1) % {size}
  return wrk.format("GET", "/fi/palvelut/palvelu-" .. number .. "/")
end
"""
GRANIAN = [
    "--interface",
    "wsgi",
    "--host",
    "127.0.0.1",
    "--workers",
    "2",
    "--blocking-threads",
    "4",
    "--no-ws",
]
TICKS = os.sysconf("SC_CLK_TCK")
NGINX = """
worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{ access_log off; keepalive_requests 1000000; open_file_cache max=100; types {{ text/html html; }}
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
"""
BARE = """
import pathlib
FOLDER = pathlib.Path({folder!r})
PAGES = {{"/" + one.name: one.read_bytes() for one in FOLDER.glob("*.html")}}
HEADERS = {{
    path: [*{headers!r}, ("Content-Length", str(len(body)))] for path, body in PAGES.items()
}}


def application(environ, start_response):
    if "HTTP_IF_NONE_MATCH" in environ:
        start_response("304 Not Modified", HEADERS[environ["PATH_INFO"]][:4])
        return []
    start_response("200 OK", HEADERS[environ["PATH_INFO"]])
    return [PAGES[environ["PATH_INFO"]]]
"""


@dataclass(frozen=True)
class Case:
    """What is asked of which server."""

    name: str
    server: str
    path: str
    headers: tuple[str, ...] = ()
    script: Path | None = None


@contextmanager
def running(
    command: list[str], port: int, folder: Path, place: Path | None = None, **environment: str
) -> Iterator[int]:
    """Run a server until it is no longer needed; return its process's number once it answers."""
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=os.environ | environment, cwd=place or settings.BASE_DIR,
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                ask(port, "/")
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    sys.exit(f"A server doesn't answer: {(folder / f'{port}.log').read_text()[-2000:]}")
                time.sleep(0.1)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def ask(port: int, path: str) -> tuple[bytes, list[tuple[str, str]]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    try:
        return answer.read(), answer.getheaders()
    finally:
        connection.close()


def cpu(group: int) -> float:
    """Return the seconds of processor time that a group of processes has used."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(parts[2]) == group:
            total += int(parts[11]) + int(parts[12])
    return total / TICKS


def load(case: Case, group: int) -> tuple[float, float]:
    """Ask for a case as fast as it is answered; return requests a second, and microseconds of CPU each."""
    headers = [part for one in case.headers for part in ("-H", one)]
    url = f"http://127.0.0.1:{PORTS[case.server]}{case.path}"
    before = cpu(group)
    script = ["-s", str(case.script)] if case.script else []
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", *headers, *script, url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used = cpu(group) - before
    count = int(re.search(r"(\d+) requests in", said)[1])
    if "Non-2xx" in said and "If-None-Match" not in str(case.headers):
        sys.exit(f"{case.name}: {said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), used / count * 1e6


def cases(tags: dict[str, str], script: Path) -> list[Case]:
    found = []
    for page, path in PAGES.items():
        found += [
            Case(f"{page}, kept", "kept", path),
            Case(f"{page}, bare", "bare", f"/{page}.html"),
            Case(f"{page}, file", "file", f"/{page}.html"),
            Case(f"{page}, not kept", "not kept", path),
        ]
    had, file_had = ((f"If-None-Match: {tags[server]}",) for server in ("detail", "file"))
    return [
        *found,
        Case("detail, row", "row", "/", script=script),
        Case("304, kept", "kept", PAGES["detail"], had),
        Case("304, bare", "bare", "/detail.html", had),
        Case("304, file", "file", "/detail.html", file_had),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int, nargs="?", default=340)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", default="", help="of cases with this in their name")
    options = parser.parse_args()
    if missing := [one for one in ("wrk", "nginx") if shutil.which(one) is None]:
        sys.exit(f"Install {' and '.join(missing)} first.")
    fill(0, options.size, prepare())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        figures = measured(stack, folder, options.size, options.only)
    table(figures)
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1) + "\n")


def measured(stack: ExitStack, folder: Path, size: int, only: str) -> dict[str, dict[str, float]]:
    python = [sys.executable, "-m"]
    collected = {"STATIC_ROOT": str(folder / "static")}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, check=True, env=os.environ | collected, cwd=settings.BASE_DIR)
    ours = [*python, "palvelumanuaali.serve", "--host", "127.0.0.1"]
    quiet = collected | {"LOG_LEVEL": "WARNING"}
    groups = {}
    # Where memory holds a single page at most, all others are read from their rows.
    for name, memory in (("kept", "64"), ("not kept", "0"), ("row", "0.001")):
        command = [*ours, "--port", str(PORTS[name])]
        groups[name] = stack.enter_context(
            running(command, PORTS[name], folder, PUBLIC_CACHE_MB=memory, **quiet)
        )
    time.sleep(2)  # until both workers hear of changes
    script = folder / "services.lua"
    script.write_text(SERVICES_IN_TURN.format(size=min(size, 1000)))
    for number in range(min(size, 1000)):
        ask(PORTS["row"], f"/fi/palvelut/palvelu-{number}/")
    tags, headers = {}, []
    for page, path in PAGES.items():
        for _worker in range(20):
            body, headers = ask(PORTS["kept"], path)
        (folder / f"{page}.html").write_bytes(body)
        tags[page] = dict(headers).get("etag", "")
    (folder / "index.html").write_bytes(b"")
    own = [one for one in headers if one[0] not in ("content-length", "server", "date")]
    (folder / "bare.py").write_text(BARE.format(folder=str(folder), headers=own))
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=PORTS["file"]))
    folder.chmod(0o755)
    bare = [*python, "granian", "bare:application", *GRANIAN, "--port", str(PORTS["bare"])]
    groups["bare"] = stack.enter_context(running(bare, PORTS["bare"], folder, folder))
    nginx = ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log")]
    groups["file"] = stack.enter_context(running(nginx, PORTS["file"], folder))
    tags["file"] = dict(ask(PORTS["file"], "/detail.html")[1])["ETag"]
    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(ROUNDS):
        every = [case for case in cases(tags, script) if only in case.name]
        for case in reversed(every) if number % 2 else every:
            found.setdefault(case.name, []).append(load(case, groups[case.server]))
            print(f"  round {number + 1}: {case.name:20}", end="\r", file=sys.stderr)
    return {
        name: {
            "requests a second": statistics.median(rate for rate, _cpu in rounds),
            "spread": max(rate for rate, _cpu in rounds) - min(rate for rate, _cpu in rounds),
            "CPU us": statistics.median(used for _rate, used in rounds),
        }
        for name, rounds in found.items()
    }


def table(figures: dict[str, dict[str, float]]) -> None:
    print(f"{'':20}{'a second':>12}{'spread':>10}{'CPU us':>10}{'of bare':>10}{'of file':>10}")
    for name, one in figures.items():
        page = name.split(",")[0]
        rate = one["requests a second"]
        shares = [rate / figures[f"{page}, {other}"]["requests a second"] for other in ("bare", "file")]
        print(
            f"{name:20}{rate:12,.0f}{one['spread']:10,.0f}{one['CPU us']:10.1f}"
            + "".join(f"{share:10.2f}" for share in shares)
        )


if __name__ == "__main__":
    main()
