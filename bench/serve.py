"""One server process: `python -m bench.serve portal|bare FOLDER`, on a free port that it prints."""

import sys
from pathlib import Path

from flask import Flask
from waitress.server import create_server

from bench import bare
from harmattan import create_app


def application(kind: str, folder: Path) -> Flask:
    return bare.create_app(folder) if kind == "bare" else create_app(instance_path=str(folder))


if __name__ == "__main__":
    server = create_server(application(sys.argv[1], Path(sys.argv[2])), host="127.0.0.1", port=0, threads=4)
    print(server.effective_port, flush=True)
    server.run()
