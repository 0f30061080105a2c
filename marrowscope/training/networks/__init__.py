"""Networks of the workshop: trunks by name and the heads put on them."""
