"""Doctor in the loop: what the model doubts is shown, decided, learned, shown again.

After Mori et al. 2020: doctors saw the misread pictures with the raw outputs, decided
who was wrong and corrected labels, five times over.
"""
