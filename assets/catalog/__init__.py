"""What every published metric is: its formula, grain, additivity, direction and traps, once, as data."""
