"""The WSGI entry point: `wsgi:app` under any server, `flask --app wsgi …` for the commands."""

from harmattan import create_app

app = create_app()
