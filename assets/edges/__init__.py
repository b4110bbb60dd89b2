"""Where does a store have an edge: the statistics on plain arrays, and the tables made with them."""
