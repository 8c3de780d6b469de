"""The page: settings -> page -> serve, with index -> retriever -> answerer behind it in a thread.

Run `python app.py` and visit http://127.0.0.1:7860. The index is built first where there is none.
"""

from __future__ import annotations

import argparse
import logging
import sys
from functools import partial

import commands
from settings import Settings

_EXAMPLE = """examples:
  python app.py                        serve on http://127.0.0.1:7860
  python app.py --corpus ~/papers      ask another folder
  SIDENOTE_PORT=8000 python app.py     on another port"""


def _parser() -> argparse.ArgumentParser:
    parser = commands.Parser("python app.py", "Serve the page on which the corpus is asked.", _EXAMPLE)
    commands.add_common(parser)
    return parser


def _main(arguments: argparse.Namespace) -> int:
    settings = Settings.from_env(corpus=arguments.corpus, data=arguments.data)
    logging.basicConfig(level=logging.WARNING, format="sidenote: %(message)s")

    # Imported after commands.run has set what the libraries read when they load.
    from server.application import create_app
    from server.loading import load
    from server.serve import serve
    from server.source import AnswererSource
    from server.suggesting import Suggesting

    source = AnswererSource(partial(load, settings))
    finder = Suggesting()
    app = create_app(settings, source, finder)
    source.start()
    finder.start(source, settings)
    serve(app, settings)
    return 0


if __name__ == "__main__":
    sys.exit(commands.run(_main, _parser()))
