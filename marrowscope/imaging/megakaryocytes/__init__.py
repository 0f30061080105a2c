"""Where megakaryocytes may lie: large nucleated bodies seen at low power."""
