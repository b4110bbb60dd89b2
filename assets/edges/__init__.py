"""Where does a store have an edge: the statistics, on plain arrays. Reading and writing tables stands in `events` alone."""
