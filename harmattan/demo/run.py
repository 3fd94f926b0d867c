"""`make run`: migrate, load the demonstration into an empty instance, serve it with its worker."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType

import waitress

from harmattan import create_app
from harmattan.demo import people

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"

WELCOME = """
L’espace libraires répond sur http://{host}:{port} (Ctrl-C pour arrêter).

Mot de passe de tous : {password}
  Librairie Le Grand Large   anne@grandlarge.example   utilisatrice principale
                             karim@grandlarge.example  commandes, retours
                             lucie@grandlarge.example  documents
  Librairie des Quais        paul@quais.example        utilisateur principal
  Équipe                     marie@equipe.example      service commercial
                             hugo@equipe.example       service après-vente
                             ines@equipe.example       comptabilité
                             root@equipe.example       administration

Courriels envoyés : http://{host}:{port}/demo/courriels
"""


def main() -> None:
    """Serve until Ctrl-C or SIGTERM, which end the worker too."""
    os.environ["HARMATTAN_DEMO"] = "1"
    port = int(os.environ.get("PORT") or 5000)
    listening = _listen(port)
    _flask("db", "upgrade")
    _flask("demo", "load")
    app = create_app()
    signal.signal(signal.SIGTERM, _stop)
    worker = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "worker"], cwd=ROOT)
    try:
        print(WELCOME.format(host=HOST, port=port, password=people.PASSWORD), flush=True)
        waitress.serve(
            app,
            sockets=[listening],
            threads=4,
            connection_limit=2_000,
            channel_timeout=15,
            ident=None,
            _quiet=True,
        )
    finally:
        worker.terminate()
        worker.wait()


def _listen(port: int) -> socket.socket:
    """Take the port before anything else, and say so when somebody has it."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError:
        sys.exit(f"Le port {port} est déjà pris. Choisissez-en un autre : make run PORT={port + 1}")
    listening.listen(1_024)
    return listening


def _flask(*arguments: str) -> None:
    """Run a command to its end in a process of its own: what it takes in memory goes with it."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    if ended.returncode:
        sys.exit(ended.returncode)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
