"""Learning from drawn smears where megakaryocytes lie at low power."""
