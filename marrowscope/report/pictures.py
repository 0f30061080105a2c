"""Pictures as JPEG, as reports and cases keep them."""

from __future__ import annotations

import cv2
import numpy as np

from marrowscope.domain.geometry import Pixels

_QUALITY = 90


def jpeg(picture: Pixels) -> bytes:
    """RGB (H, W, 3) as JPEG."""
    quality = (cv2.IMWRITE_JPEG_QUALITY, _QUALITY)
    _, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), quality)
    return data.tobytes()


def pixels(data: bytes) -> Pixels:
    """RGB (H, W, 3) of a JPEG that `jpeg` made."""
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return np.ascontiguousarray(np.asarray(decoded, np.uint8)[..., ::-1])
