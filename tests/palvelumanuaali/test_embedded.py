"""python -m palvelumanuaali.embedded: real servers, and nothing left of them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from palvelumanuaali.embedded.places import servers_folder
from palvelumanuaali.embedded.servers import DATABASE, THROWAWAY
from tests.palvelumanuaali.processes import data, is_gone, run, start, wait_until

__all__ = ["data"]
MODULE = "palvelumanuaali.embedded"
# Prints the process numbers of the servers behind the two URLs, once they answered.
SERVERS = """
import json, os, psycopg, redis
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
    pid_file = database.execute("SELECT pg_read_file('postmaster.pid')").fetchone()[0]
    folder = database.execute("SHOW data_directory").fetchone()[0]
    lower = database.execute("SELECT lower('ÅÄÖ')").fetchone()[0]
    {statement}
valkey = redis.from_url(os.environ["REDIS_URL"]).info("server")["process_id"]
print(json.dumps([int(pid_file.split()[0]), valkey, folder, lower]), flush=True)
"""
STAY = "import time\ntime.sleep(100)"
NAMED = {"DATABASE_URL": "postgres://named/elsewhere", "REDIS_URL": "redis://named"}


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    """Real processes live in real time."""


def python(code: str, statement: str = "pass") -> tuple[str, ...]:
    return "--", sys.executable, "-c", code.replace("{statement}", statement)


def read_servers(process: subprocess.Popen[str]) -> tuple[int, int, Path]:
    assert process.stdout
    postgres, valkey, folder, _lower = json.loads(process.stdout.readline())
    return postgres, valkey, Path(folder)


def test_the_commands_status_is_handed_back() -> None:
    status, _out, _err = run(MODULE, *python("raise SystemExit(7)"), **NAMED)
    assert status == 7


def test_servers_that_the_environment_names_are_used() -> None:
    code = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
    status, out, _err = run(MODULE, *python(code), **NAMED)
    assert (status, out.split()) == (0, list(NAMED.values()))


def test_a_command_that_does_not_exist_is_one_line(tmp_path: Path) -> None:
    command = str(tmp_path / "missing")
    status, _out, err = run(MODULE, "--", command, **NAMED)
    assert (status, err) == (1, f"{command} can't be run: No such file or directory.\n")


def test_the_servers_answer_and_are_gone_afterwards() -> None:
    status, out, err = run(MODULE, "--throwaway", *python(SERVERS))
    assert (status, err) == (0, "")
    postgres, valkey, folder, lower = json.loads(out)
    assert lower == "åäö"
    assert is_gone(postgres)
    assert is_gone(valkey)
    assert not Path(folder).exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_reaches_the_command_and_stops_the_servers(number: signal.Signals) -> None:
    process = start(MODULE, "--throwaway", *python(SERVERS + STAY))
    postgres, valkey, folder = read_servers(process)
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert is_gone(postgres)
    assert is_gone(valkey)
    assert not folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_what_a_killed_run_leaves_goes_away(data: Path) -> None:
    process = start(MODULE, "--throwaway", *python(SERVERS + STAY))
    postgres, valkey, folder = read_servers(process)
    process.kill()
    process.communicate(timeout=30)
    wait_until(lambda: is_gone(postgres) and is_gone(valkey))
    assert folder.exists()
    assert run(MODULE, "--throwaway", *python("pass"))[0] == 0
    assert not list(servers_folder().glob(f"{THROWAWAY}*/"))


def test_a_database_that_was_killed_starts_again_with_its_data(data: Path) -> None:
    process = start(MODULE, *python(SERVERS + STAY, "database.execute('CREATE TABLE kept ()')"))
    postgres, _valkey, folder = read_servers(process)
    os.kill(postgres, signal.SIGKILL)
    process.kill()
    process.communicate(timeout=30)
    # By now the number in the stale file may be another process's.
    pid_file = folder / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    status, _out, err = run(MODULE, *python(SERVERS, "database.execute('SELECT * FROM kept')"))
    assert (status, err) == (0, "")


def test_a_database_in_use_is_left_alone(data: Path) -> None:
    process = start(MODULE, *python(SERVERS + STAY))
    read_servers(process)
    status, _out, err = run(MODULE, *python("pass"))
    process.terminate()
    process.communicate(timeout=30)
    assert status == 1
    assert "is in use by another command" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [("17\n", "it is of PostgreSQL 17, not 18"), (None, "holds no PostgreSQL database")],
)
def test_a_damaged_database_is_one_line_that_helps(data: Path, content: str | None, reason: str) -> None:
    folder = servers_folder() / DATABASE / "data"
    folder.mkdir(parents=True)
    if content:
        (folder / "PG_VERSION").write_text(content)
    status, _out, err = run(MODULE, *python("pass"))
    assert status == 1
    assert reason in err
    assert err.endswith("Start over with: make demo-reset\n")
    assert err.count("\n") == 1
