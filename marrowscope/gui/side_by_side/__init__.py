"""Two smears beside each other, each in a view of its own, moved together on demand."""
