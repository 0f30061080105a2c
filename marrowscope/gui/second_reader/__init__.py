"""A second reader in the window: read blind, compared, adjudicated."""
