"""WHAT exists, in the order of the flow: exports, landed, facts, measures, metrics, published."""
