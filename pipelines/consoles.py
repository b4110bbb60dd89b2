"""Where a person reads: standard output for what was asked, standard error for what is wrong and how far it is. No words here."""

from rich.console import Console

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)
