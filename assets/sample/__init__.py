"""A made-up home: exports in real platforms' shapes with planted edges, and a ledger of what every sum must be."""
