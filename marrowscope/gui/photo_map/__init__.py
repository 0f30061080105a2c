"""How the photos of one smear lie: a map of them, and which show the same place."""
