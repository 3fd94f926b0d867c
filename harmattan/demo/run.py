"""`make run`: migrate, load the demonstration into an empty instance, serve it with its worker."""

import os
import subprocess
import sys
from pathlib import Path
from socket import socket

from harmattan import create_app, serving
from harmattan.demo import people

ROOT = Path(__file__).parents[2]

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
                             root@equipe.example       administration, et alix@equipe.example qui confirme

Courriels envoyés : http://{host}:{port}/demo/courriels
"""


def main() -> None:
    """Serve until Ctrl-C or SIGTERM, which end the worker too."""
    os.environ["HARMATTAN_DEMO"] = "1"
    port = int(os.environ.get("PORT") or 5000)
    listening = take_port(port)
    _flask("db", "upgrade")
    _flask("demo", "load")
    app = create_app()
    print(WELCOME.format(host=serving.HOST, port=port, password=people.PASSWORD), flush=True)
    serving.serve(app, listening)


def take_port(port: int) -> socket:
    """Take the port before anything else, and say so when somebody has it."""
    try:
        return serving.listen(port)
    except OSError:
        sys.exit(f"Le port {port} est déjà pris. Choisissez-en un autre : make run PORT={port + 1}")


def _flask(*arguments: str) -> None:
    """Run a command to its end in a process of its own: what it takes in memory goes with it."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    if ended.returncode:
        sys.exit(ended.returncode)


if __name__ == "__main__":
    main()
