"""Writes the page of questions, answered on what a home has published."""

import sys
from pathlib import Path

from assets.home import Home
from assets.published import open_published
from assets.questions.page import page

with open_published(Home(Path(sys.argv[1]))) as connection:
    print(page(connection), end="")  # noqa: T201  the page itself
