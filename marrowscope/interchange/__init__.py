"""Cells and regions to and from other programs. Needs only domain values."""
