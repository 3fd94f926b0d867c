"""One service: `python -m bench.serve portal|bare FOLDER`, on a free port that it prints."""

import sys
from pathlib import Path

import waitress

from bench import bare
from harmattan import create_app, serving

if __name__ == "__main__":
    kind, folder = sys.argv[1:]
    listening = serving.listen(0)
    print(listening.getsockname()[1], flush=True)
    if kind == "bare":
        waitress.serve(
            bare.create_app(Path(folder)), sockets=[listening], threads=serving.THREADS, _quiet=True
        )
    else:
        serving.serve(create_app(instance_path=folder), listening)
