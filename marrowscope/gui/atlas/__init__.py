"""Beside a cell those of an atlas of labelled cells that are most alike to it."""
