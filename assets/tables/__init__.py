"""Every table: its grain, its key and its columns, a module a stage.

Add a table here before anything fills it. Dagster's column schemas, the landed Parquet schemas, the checks and the data
dictionary are derived from what stands here. How a table is computed does not belong here: that is its `.sql` file, or the
function `computed` names.
"""

from assets.tables.ahead import AHEAD
from assets.tables.alerts import ALERTS
from assets.tables.cells import CELLS
from assets.tables.customers import CUSTOMERS
from assets.tables.edges import EDGES
from assets.tables.facts import FACTS
from assets.tables.items import ITEMS
from assets.tables.landed import LANDED
from assets.tables.measures import MEASURES
from assets.tables.metrics import METRICS
from assets.tables.products import PRODUCTS
from assets.tables.published import PUBLISHED
from assets.tables.questions import QUESTIONS
from assets.tables.table import MONEY_MEASURES, PROVENANCE, Stage, Table

TABLES = (*FACTS, *MEASURES, *METRICS, *PRODUCTS, *CUSTOMERS, *AHEAD, *CELLS, *EDGES, *ALERTS, *ITEMS, *QUESTIONS, *PUBLISHED)
BY_NAME = {table.name: table for table in (*LANDED, *TABLES)}

__all__ = ["BY_NAME", "LANDED", "MONEY_MEASURES", "PROVENANCE", "TABLES", "Stage", "Table"]
