"""This marrow beside the patient's earlier one: choose a case, compare, report it."""
