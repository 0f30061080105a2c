"""The regions of the slide shown: names, areas, cells, counted or left out."""
