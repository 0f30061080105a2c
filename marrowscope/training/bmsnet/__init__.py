"""BMSNet (Wu et al. 2020): one network finds the cells of a field and names them."""
