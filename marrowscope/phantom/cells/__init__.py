"""How each lineage is drawn, one module per lineage."""
