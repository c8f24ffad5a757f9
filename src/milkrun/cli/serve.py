"""`milkrun serve`: the web server (gunicorn with threads) and the worker, in one process tree."""

import argparse
import os
import socket
import sys
from pathlib import Path

from milkrun.cli.ending import Ended, ends_in_one_line
from milkrun.cli.loading import load_with_database
from milkrun.cli.supervisor import Child, supervise


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--demo", action="store_true", help="show the demo users on the sign-in page")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Check that everything is in place, then serve until SIGTERM or SIGINT."""
    environment = {**os.environ, **({"MILKRUN_DEMO": "true"} if args.demo else {})}
    load_with_database()
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    _doors_are_shut(args.host)
    _port_is_free(args.host, args.port)
    environment["PROMETHEUS_MULTIPROC_DIR"] = str(_counting_folder(Path(settings.MILKRUN_HOME)))
    web = _web(args.host, args.port, settings.ENVIRONMENT.milkrun_web_workers, settings.ENVIRONMENT.milkrun_web_threads)
    print(f"Milkrun is at http://{_shown(args.host)}:{args.port} (Ctrl-C ends it)", file=sys.stderr, flush=True)
    worker = [sys.executable, "-m", "milkrun.cli.main", "worker"]
    return supervise([Child("web", web), Child("worker", worker)], environment)


def _doors_are_shut(host: str) -> None:
    """Refuse what must never be reachable from elsewhere."""
    from django.conf import settings

    if "*" in settings.ALLOWED_HOSTS:
        raise Ended("any_host", "MILKRUN_ALLOWED_HOSTS must not have a *. List the names this site is called by.")
    if settings.DEBUG and host not in ("127.0.0.1", "::1", "localhost"):
        raise Ended("debug_open", f"MILKRUN_DEBUG shows source code; with it, serve on 127.0.0.1 and not on {host}.")


def _counting_folder(home: Path) -> Path:
    """Empty the folder that web processes count their requests in: the counters start with the server."""
    folder = home / "counters"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink()
    return folder


def _port_is_free(host: str, port: int) -> None:
    """Say it in one sentence now, rather than letting the web server start and die again and again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host.strip("[]"), port))
    except (OSError, OverflowError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise Ended("port_in_use", f"Cannot listen on {host}:{port}: {reason}. Choose another --port.") from None


def _web(host: str, port: int, workers: int, threads: int) -> list[str]:
    shown = f"[{host.strip('[]')}]" if ":" in host else host
    options = {
        "bind": f"{shown}:{port}",
        "worker-class": "gthread",
        "workers": workers,
        "threads": threads,
        "timeout": 120,
        "graceful-timeout": 20,
        "keep-alive": 5,
        "log-level": "warning",
    }
    return [
        *(sys.executable, "-m", "gunicorn", "milkrun.config.wsgi:application"),
        *(f"--{name}={value}" for name, value in options.items()),
        "--no-control-socket",
    ]


def _shown(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - only shown
