"""The differential on paper: one content, several pages."""
