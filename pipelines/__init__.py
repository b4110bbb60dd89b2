"""HOW it runs: settings, the refresh, its definitions for Dagster, and the command line."""
