"""From field pixels to level-0 pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from marrowscope.domain.cells import Finding
from marrowscope.domain.geometry import Box

# A box this near to the slide's edge, in level-0 pixels, is cut by it.
EDGE = 2.0


def placed(
    finding: Finding, field: Box, *, scale: float, width: int, height: int
) -> Finding:
    """A finding moved to the slide's frame.

    `scale`: level-0 pixels per field pixel. `cut` becomes what it means on the slide:
    the cell touches the edge of the picture itself (`width` x `height`).
    """
    whole = Box(0, 0, width, height)
    box = finding.box.scaled(scale).moved(field.x, field.y).intersection(whole)
    if box is None:
        box = Box(field.x, field.y, 0, 0)
    outline = finding.outline
    if outline is not None:
        outline = outline * np.float32(scale) + np.asarray([field.x, field.y])
        outline = np.clip(outline, 0, [width, height]).astype(np.float32)
    cut = finding.cut and (
        box.x < EDGE
        or box.y < EDGE
        or box.right > width - EDGE
        or box.bottom > height - EDGE
    )
    return replace(finding, box=box, outline=outline, cut=bool(cut))
