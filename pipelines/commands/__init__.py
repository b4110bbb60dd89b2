"""The commands, by what they are for: running, asking, and the history of what was published."""
