"""One exported file to canonical rows. Neither Dagster nor DuckDB belongs here: this runs in the reading workers."""
