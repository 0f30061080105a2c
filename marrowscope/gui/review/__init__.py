"""Review before signing: the cells most likely to change a line, and unflagged ones."""
