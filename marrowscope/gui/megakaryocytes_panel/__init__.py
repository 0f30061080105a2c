"""The list of megakaryocytes beside the count; a click goes to the cell."""
