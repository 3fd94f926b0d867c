"""`flask serve`: the web server and the worker, two processes of one program that share what is loaded.

Each of them needs the whole program, most of which neither ever changes: apart they hold it twice.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from types import FrameType

import click
import waitress
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import configure_mappers

from harmattan.outbox import commands as outbox

HOST = "127.0.0.1"
THREADS = 4
CONNECTIONS = 2_000
SECONDS_OF_SILENCE = 15


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.command("serve")(serve_command)


@click.option("--port", default=8_000, show_default=True, help="On 127.0.0.1, behind a reverse proxy.")
@with_appcontext
def serve_command(port: int) -> None:
    """Serve pages, send mail and run jobs until told to stop."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    serve(app, listen(port))


def listen(port: int, host: str = HOST) -> socket:
    """Take the port; raises `OSError` where somebody has it. 0 is any that is free."""
    listening = socket()
    listening.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen(1_024)
    return listening


def serve(app: Flask, listening: socket) -> None:
    """Until SIGTERM or Ctrl-C, which end both processes. Should one of them die, the other stops too, so
    that whoever watches over the service starts both again.
    """
    configure_mappers()  # else each does it for itself at its first query
    gc.freeze()  # the collector, too, leaves alone what they share
    worker = multiprocessing.get_context("fork").Process(target=_work, args=(app, listening))
    worker.start()

    def stop(received: int, _frame: FrameType | None) -> None:
        if received == signal.SIGTERM or not worker.is_alive():  # other children may come and go
            sys.exit()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGCHLD, stop)
    try:
        waitress.serve(
            app,
            sockets=[listening],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=SECONDS_OF_SILENCE,
            ident=None,
            _quiet=True,
        )
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        worker.terminate()
        worker.join()
    if worker.exitcode:
        sys.exit(1)


def _work(app: Flask, listening: socket) -> None:
    listening.close()  # else a server that was killed would go on taking connections, and keep its port
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    with app.app_context():
        outbox.worker(once=False)


def _end_with_the_server() -> None:
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os.kill(os.getpid(), signal.SIGTERM)
