"""How a store stands against its targets: what was to be expected by now, where it will end, and what the gap is made of."""
