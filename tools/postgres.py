"""A private PostgreSQL for one command: `python tools/postgres.py -- pytest -q`.

A cluster is made in a temporary folder on a free port of 127.0.0.1, the command runs with `DATABASE_URL` pointing
at it, and everything is stopped and deleted afterwards, also on Ctrl-C. It is for tests and measurements: it does
not wait for the disk (`fsync` off), so it must never hold data that anybody wants to keep. Measurements that mean
to include the disk ask for `durable=True`.

From Python: `with private_postgres() as url: ...`.
"""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import system_packages

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
START_SECONDS = 60
ATTEMPTS = 3
PR_SET_PDEATHSIG = 1


class NoServer(Exception):
    """PostgreSQL could not be started; the text says why."""


@contextmanager
def private_postgres(
    durable: bool = False, binaries: str | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Run a private cluster for the length of the block.

    Args:
        durable: keep PostgreSQL's own promises about the disk, for measurements; tests do without.
        binaries: folder of `initdb` and `pg_ctl`; by default the one on PATH, else Debian's newest.
        settings: further server settings by name.

    Yields:
        The database URL of an empty database `milkrun` whose user may create databases.

    Raises:
        NoServer: where the programs are missing or the server does not start.
    """
    folder = Path(binaries or system_packages.find_postgres() or "")
    if not (folder / "initdb").exists():
        raise NoServer("PostgreSQL's programs initdb and pg_ctl were not found: install the package postgresql.")
    home = Path(tempfile.mkdtemp(prefix="milkrun-pg-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        prepare = _in_child(home)
        password = secrets.token_hex(16)
        _make_cluster(folder, home, password, prepare)
        options = {**({} if durable else FAST), **(settings or {})}
        server, port = _start(folder, home, options, prepare)
        url = f"postgres://milkrun:{password}@127.0.0.1:{port}/milkrun"
        _create_database(folder, url)
        yield url
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(home, ignore_errors=True)


def _in_child(home: Path) -> Callable[[], None]:
    """Return what a child process does before it becomes PostgreSQL.

    It leaves root, which PostgreSQL refuses to run as, and asks to be stopped when this process dies without a word.
    """
    account = _account(home) if os.geteuid() == 0 else None
    libc = ctypes.CDLL(None)

    def prepare() -> None:
        if account:
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
        if sys.platform == "linux":
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)

    return prepare


def _account(home: Path) -> pwd.struct_passwd:
    """Return the user to run as instead of root, and give the cluster's folder to it."""
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        raise NoServer("PostgreSQL refuses to run as root and there is no user postgres to run it as.") from None
    os.chown(home, account.pw_uid, account.pw_gid)
    return account


def _make_cluster(folder: Path, home: Path, password: str, prepare: Callable[[], None]) -> None:
    """Create an empty cluster with one superuser `milkrun`."""
    password_file = home / "password"
    password_file.write_text(password)
    shutil.chown(password_file, home.stat().st_uid)
    command = [folder / "initdb", "-D", home / "data", "-U", "milkrun", "-A", "scram-sha-256", "-E", "UTF8"]
    command += ["--pwfile", password_file, "--no-sync", "--no-locale"]
    made = subprocess.run(
        [str(part) for part in command], cwd=home, preexec_fn=prepare, capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        raise NoServer(f"initdb failed: {(made.stderr or made.stdout).strip()}")


def _start(
    folder: Path, home: Path, options: Mapping[str, str], prepare: Callable[[], None]
) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server and wait until it takes connections; a port lost to somebody else is replaced."""
    for _ in range(ATTEMPTS):
        port = _free_port()
        wanted = {"port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": str(home)}
        command = [str(folder / "postgres"), "-D", str(home / "data")]
        for name, value in {**wanted, "max_connections": "200", **options}.items():
            command += ["-c", f"{name}={value}"]
        with (home / "log").open("wb") as log:
            # A group of its own: Ctrl-C in the terminal must reach the tests first and the server last.
            server = subprocess.Popen(
                command, cwd=home, preexec_fn=prepare, stdout=log, stderr=log, start_new_session=True
            )
        if _accepts(folder, home, port, server):
            return server, port
        _stop(server)
    raise NoServer(f"PostgreSQL did not start: {(home / 'log').read_text(errors='replace')[-600:].strip()}")


def _free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _accepts(folder: Path, home: Path, port: int, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; False when it has ended or the time is over."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        ready = subprocess.run(
            [str(folder / "pg_isready"), "-q", "-h", str(home), "-p", str(port)], check=False
        ).returncode
        if ready == 0:
            return True
        time.sleep(0.05)
    return False


def _create_database(folder: Path, url: str) -> None:
    """Create the empty database that the URL names."""
    made = subprocess.run(
        [str(folder / "psql"), "-qX", "-d", f"{url.rpartition('/')[0]}/postgres", "-c", "CREATE DATABASE milkrun"],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise NoServer(f"The database could not be created: {made.stderr.strip()}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server at once: nothing in it is worth a clean shutdown."""
    if server.poll() is None:
        server.send_signal(signal.SIGQUIT)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _end_on_term(_number: int, _frame: object) -> None:
    """Turn a polite kill into an ordinary exit, so that the cluster is removed."""
    raise SystemExit(143)


def main(arguments: Sequence[str]) -> int:
    """Run the command after `--` with a private PostgreSQL and return its exit code."""
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if not command:
        print("usage: python tools/postgres.py -- COMMAND [ARGUMENT...]", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _end_on_term)
    try:
        system_packages.ensure("postgresql", system_packages.find_postgres, "a private database")
        with private_postgres() as url:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
    except (NoServer, system_packages.Missing) as error:
        print(error, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
