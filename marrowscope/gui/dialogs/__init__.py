"""Windows beside the window; none of them holds the reader up."""
