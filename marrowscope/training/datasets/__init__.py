"""What the workshop learns from: real crops, drawn cells and edits of real cells."""
