"""What a column is, and the types money and ratios have."""

from dataclasses import dataclass

MONEY = "DECIMAL(18,2)"
RATIO = "DOUBLE"


@dataclass(frozen=True)
class Column:
    """A column: one name has one type, one unit and one meaning wherever it stands."""

    name: str
    type: str
    meaning: str
    unit: str = ""
