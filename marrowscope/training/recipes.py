"""Augmentation presets by name; every number of an augmentation is here."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Recipe:
    """How far a training cell may stray from its picture.

    Chances are probabilities per cell; spans are (low, high).
    """

    calm: float = 0.0  # chance of the plain recipe instead of this one
    scale: tuple[float, float] = (1.0, 1.0)  # of the crop window
    shift: float = 0.0  # of the window's side, each way
    turn: bool = False  # any rotation and mirror image
    anisotropy: float = 0.0  # stretch along one axis, up to this factor minus one
    stain_mix: float = 0.0  # chance of another picture's dyes
    stain_mix_share: tuple[float, float] = (0.0, 1.0)
    dye_strength: float = 0.0  # log-normal sigma of each dye's amount
    dye_tilt: float = 0.0  # sigma of a random tilt of the dye directions
    backdrop: float = 0.0  # chance of another picture around the cell
    white_balance: float = 0.0  # sigma of log gain per channel
    light: float = 0.0  # sigma of log exposure
    gamma: float = 0.0  # sigma of log gamma
    saturation: float = 0.0  # sigma of log saturation
    blur_px: tuple[float, float] = (0.0, 0.0)  # sigma span in crop pixels
    blur: float = 0.0
    coarse: float = 0.0  # chance of a picture taken at a coarser scale
    coarsest: float = 2.5  # its microns per pixel over the crop's, at most
    sharpen: float = 0.0
    noise: float = 0.0  # sigma span upper end, grey levels
    jpeg: float = 0.0
    jpeg_quality: tuple[int, int] = (40, 95)


PLAIN = Recipe(turn=True, shift=0.03, scale=(0.95, 1.05))

SMEAR = Recipe(
    calm=0.2,
    scale=(0.75, 1.3),
    shift=0.05,
    turn=True,
    anisotropy=0.08,
    stain_mix=0.65,
    dye_strength=0.18,
    dye_tilt=0.06,
    backdrop=0.35,
    white_balance=0.05,
    light=0.10,
    gamma=0.12,
    saturation=0.15,
    blur=0.4,
    blur_px=(0.3, 1.5),
    coarse=0.25,
    sharpen=0.12,
    noise=5.0,
    jpeg=0.3,
)

# Laboratories farther apart than those at hand: stain, light, scale and focus wider.
WIDE = replace(
    SMEAR,
    calm=0.1,
    scale=(0.65, 1.4),
    stain_mix=0.8,
    dye_strength=0.25,
    dye_tilt=0.09,
    white_balance=0.08,
    light=0.14,
    gamma=0.17,
    saturation=0.25,
    coarse=0.35,
    jpeg=0.4,
)

# Two of five cells nearly as photographed: wide variation alone names marrow worse, of
# seen laboratories and of unseen ones.
MARROW = replace(SMEAR, calm=0.4, stain_mix=0.75)

RECIPES = {"plain": PLAIN, "smear": SMEAR, "marrow": MARROW, "wide": WIDE}
