"""How the colours of a slide are shown to its reader; models never see any of it."""
