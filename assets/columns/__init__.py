"""Every column, described once: one name has one type, one unit and one meaning wherever it stands.

Add a column here, in the module of its concept, before a table uses it. Which tables there are stands in `tables`.
"""

from assets.columns.alerts import ALERTS
from assets.columns.business import BUSINESS
from assets.columns.column import MONEY, RATIO, Column
from assets.columns.edges import EDGES
from assets.columns.exports import EXPORTS
from assets.columns.metrics import METRICS
from assets.columns.questions import QUESTIONS
from assets.columns.trust import TRUST

COLUMNS = {column.name: column for column in (*EXPORTS, *METRICS, *EDGES, *BUSINESS, *ALERTS, *TRUST, *QUESTIONS)}

__all__ = ["COLUMNS", "MONEY", "RATIO", "Column"]
