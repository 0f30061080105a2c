"""Where a smear can be read: zones and quality of patches, from the low levels."""
