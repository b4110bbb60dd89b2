"""Tables that a function of frames fills, where SQL is the wrong tool: what each reads, and which code decides what it holds."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import polars as pl

from assets.tables import Table


@dataclass(frozen=True)
class Computed:
    """A pure function of frames: the names of those it reads, in the order it takes them, and where it stands."""

    reads: tuple[str, ...]
    module: str
    name: str

    @property
    def function(self) -> Callable[..., pl.DataFrame]:
        """The function itself, imported at its first use: what it needs is slow to load."""
        found: Callable[..., pl.DataFrame] = getattr(import_module(self.module), self.name)
        return found

    @property
    def code(self) -> str:
        """Digest of the package it stands in: what it computes may change with any module there."""
        return _digest(Path(__file__).parent / self.module.split(".")[1])


COMPUTED = {
    "back_test": Computed(("cell_days",), "assets.edges.backtest", "back_test"),
    "edges": Computed(("cell_days", "back_test", "reporting"), "assets.edges.cells", "edges"),
    "recommendations": Computed(("edges", "back_test", "reporting"), "assets.edges.recommend", "recommendations"),
    "lineup": Computed(("edges", "back_test"), "assets.edges.lineup", "lineup"),
    "edge_gaps": Computed(("cell_days", "stores"), "assets.edges.gaps", "edge_gaps"),
    "store_layers": Computed(("edges", "edge_gaps", "stores"), "assets.edges.layers", "store_layers"),
    "track_record": Computed(("cell_days", "landed_promises", "reference_decisions"), "assets.edges.record", "track_record"),
    "kpi_pacing": Computed(
        ("pacing_days", "matured_refunds", "reference_targets", "reference_promotions"), "assets.pacing.pace", "kpi_pacing"
    ),
    "matured_refunds": Computed(("maturing_days", "refund_delays"), "assets.pacing.maturing", "matured_refunds"),
    "item_strength": Computed(("cell_days",), "assets.items.strength", "item_strength"),
    "store_strength": Computed(("cell_days",), "assets.items.strength", "store_strength"),
    "alerts": Computed(
        ("watched_days", "coverage", "stores", "reference_promotions", "reporting"), "assets.alerts.telling", "alerts"
    ),
    "metric_catalog": Computed((), "assets.catalog.publishing", "metric_catalog"),
}


def computed(table: Table) -> Computed | None:
    """How a table is computed; None for one that SQL defines."""
    return COMPUTED.get(table.name)


@cache
def _digest(package: Path) -> str:
    content = b"".join(path.name.encode() + path.read_bytes() for path in sorted(package.rglob("*.py")))
    return hashlib.sha256(content).hexdigest()[:16]
