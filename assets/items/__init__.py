"""The same thing across stores: which listings may be one item, and how much of what sells is the store, how much the item."""
