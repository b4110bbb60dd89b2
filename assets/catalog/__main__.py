"""`python -m assets.catalog > docs/metrics.md` writes the page of metrics; a test holds it fresh."""

from assets.catalog.publishing import page

print(page(), end="")  # noqa: T201  the page itself
