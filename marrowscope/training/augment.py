"""Turns a labelled canvas into one training crop (128, 128, 3), in one fixed order.

geometry -> backdrop and dyes (in optical density) -> light -> optics -> JPEG.
"""

from __future__ import annotations

import cv2
import numpy as np

from marrowscope.training.datasets.cells import CANVAS_PX, WINDOW_PX, CellPicture
from marrowscope.training.datasets.stain import (
    StainFrame,
    dye_directions,
    mixing,
    optical_density,
    pixels_of,
)
from marrowscope.training.recipes import PLAIN, Recipe

CROP_PX = 128


def augment(
    cell: CellPicture,
    *,
    stranger: CellPicture,
    recipe: Recipe,
    rng: np.random.Generator,
) -> np.ndarray:
    """One crop of `cell`, uint8 RGB, with colours and surroundings of a `stranger`."""
    if rng.random() < recipe.calm:
        recipe = PLAIN
    matrix = placement(recipe, rng)
    crop = _warp(cell.canvas, matrix)
    inside = _warp(cell.cell, matrix, smooth=False)
    valid = _warp(cell.valid, matrix, smooth=False)
    target = target_frame(cell.frame, stranger.frame, recipe, rng)
    density = restain(crop, cell.frame, target, recipe, rng)
    if rng.random() < recipe.backdrop and plausible_outline(cell.cell):
        density = put_on(density, inside, _surroundings(stranger, target, recipe, rng))
    elif not valid.all():
        around = _surroundings(stranger, target, recipe, rng)
        density = fill_outside(density, valid, around, rng)
    return finish(pixels_of(density), recipe, rng)


def placement(recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """Affine (2, 3) from canvas to crop pixels."""
    zoom = np.exp(rng.uniform(*np.log(recipe.scale))) * CROP_PX / WINDOW_PX
    angle = rng.uniform(0, 2 * np.pi) if recipe.turn else 0.0
    mirror = -1.0 if recipe.turn and rng.random() < 0.5 else 1.0
    stretch = np.exp(rng.uniform(-1, 1) * recipe.anisotropy)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]]) @ np.diag([mirror, 1.0])
    linear = zoom * np.diag([stretch, 1 / stretch]) @ turn
    shift = rng.uniform(-1, 1, 2) * recipe.shift * CROP_PX
    offset = CROP_PX / 2 + shift - linear @ np.full(2, CANVAS_PX / 2)
    return np.hstack([linear, offset[:, None]])


def _warp(image: np.ndarray, matrix: np.ndarray, *, smooth: bool = True) -> np.ndarray:
    if smooth:
        return cv2.warpAffine(
            image,
            matrix,
            (CROP_PX, CROP_PX),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )
    return cv2.warpAffine(
        image, matrix, (CROP_PX, CROP_PX), flags=cv2.INTER_NEAREST, borderValue=(0,)
    )


def target_frame(
    own: StainFrame, donor: StainFrame, recipe: Recipe, rng: np.random.Generator
) -> StainFrame:
    """The dyes and background that this crop shall have."""
    background, dyes = own.background, own.dyes
    if rng.random() < recipe.stain_mix:
        share = rng.uniform(*recipe.stain_mix_share)
        dyes = dye_directions(*((1 - share) * own.dyes + share * donor.dyes)[:2])
        background = (1 - share) * own.background + share * donor.background
    tilt = rng.normal(0, recipe.dye_tilt, (2, 3)) if recipe.dye_tilt else 0.0
    dyes = dye_directions(*np.maximum(dyes[:2] + tilt, 0.02))
    gain = rng.normal(0, recipe.white_balance, 3) if recipe.white_balance else 0.0
    return StainFrame(background + gain, dyes)


def restain(
    crop: np.ndarray,
    own: StainFrame,
    target: StainFrame,
    recipe: Recipe,
    rng: np.random.Generator,
) -> np.ndarray:
    """OD (128, 128, 3) of `crop` after its dyes were exchanged for `target`'s."""
    strength = np.exp(rng.normal(0, recipe.dye_strength, 3)).astype(np.float32)
    matrix = mixing(own, target, share=1.0, strength=strength)
    density = (optical_density(crop) - own.background).reshape(-1, 3)
    return (density @ matrix).reshape(crop.shape) + target.background


def _surroundings(
    stranger: CellPicture,
    target: StainFrame,
    recipe: Recipe,
    rng: np.random.Generator,
) -> np.ndarray:
    """OD of a piece of the stranger's picture, its own cell moved off the middle."""
    angle, way = rng.uniform(0, 2 * np.pi, 2)
    zoom = rng.uniform(0.75, 1.1)
    far = rng.uniform(45, 80)
    cos, sin = zoom * np.cos(angle), zoom * np.sin(angle)
    linear = np.array([[cos, -sin], [sin, cos]])
    middle = CROP_PX / 2 + far * np.array([np.cos(way), np.sin(way)])
    offset = middle - linear @ np.full(2, CANVAS_PX / 2)
    piece = _warp(stranger.canvas, np.hstack([linear, offset[:, None]]))
    return restain(piece, stranger.frame, target, recipe, rng)


def plausible_outline(cell: np.ndarray) -> bool:
    """Whether the outline is good enough to cut the cell out along it."""
    x, y, width, height = cv2.boundingRect(cell)
    off = max(abs(x + width / 2 - CANVAS_PX / 2), abs(y + height / 2 - CANVAS_PX / 2))
    fill = cv2.countNonZero(cell) / max(width * height, 1)
    return off < 12 and 25 < max(width, height) < 0.92 * WINDOW_PX and fill > 0.5


def put_on(density: np.ndarray, inside: np.ndarray, around: np.ndarray) -> np.ndarray:
    """The cell (with a thin rim of its own picture) on other surroundings."""
    rim = cv2.dilate((inside > 0).astype(np.float32), np.ones((3, 3), np.uint8))
    rim = cv2.GaussianBlur(rim, (0, 0), 1.2)[..., None]
    return rim * density + (1.0 - rim) * around


def fill_outside(
    density: np.ndarray,
    valid: np.ndarray,
    around: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """What lies beyond the picture: its mirror image, one colour, or a stranger's."""
    choice = rng.integers(3)
    if choice == 0:
        return density
    outside = (valid == 0)[..., None]
    if choice == 1:
        flat = rng.choice([0.0, 0.05, 0.3, 5.0], p=[0.35, 0.35, 0.1, 0.2])
        return np.where(outside, np.float32(flat), density)
    return np.where(outside, around, density)


def finish(crop: np.ndarray, recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """Light, optics, sensor and file format."""
    crop = _light(crop, recipe, rng)
    if rng.random() < recipe.coarse:
        crop = _coarser(crop, rng.uniform(1.0, recipe.coarsest))
    elif rng.random() < recipe.blur:
        crop = cv2.GaussianBlur(crop, (0, 0), rng.uniform(*recipe.blur_px))
    elif rng.random() < recipe.sharpen:
        soft = cv2.GaussianBlur(crop, (0, 0), 1.2)
        crop = cv2.addWeighted(crop, 1.6, soft, -0.6, 0)
    if recipe.noise and rng.random() < 0.5:
        sigma = rng.uniform(0, recipe.noise)
        grain = rng.normal(0, sigma, crop.shape[:2] + (1,))
        grain = grain + rng.normal(0, 0.5 * sigma, crop.shape)
        crop = np.clip(crop + grain, 0, 255).astype(np.uint8)
    if rng.random() < recipe.jpeg:
        quality = int(rng.integers(*recipe.jpeg_quality))
        _, coded = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, quality])
        crop = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    return crop


def _coarser(crop: np.ndarray, times: float) -> np.ndarray:
    """The crop as a slide with pixels `times` as large would show it."""
    side = round(CROP_PX / times)
    small = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (CROP_PX, CROP_PX), interpolation=cv2.INTER_LINEAR)


def _light(crop: np.ndarray, recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    if not recipe.light:
        return crop
    exposure = np.exp(rng.normal(0, recipe.light))
    gamma = np.exp(rng.normal(0, recipe.gamma))
    curve = 255 * np.clip(exposure * np.linspace(0, 1, 256) ** gamma, 0, 1)
    crop = cv2.LUT(crop, curve.astype(np.uint8))
    grey = cv2.cvtColor(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    colour = np.exp(rng.normal(0, recipe.saturation))
    return cv2.addWeighted(crop, colour, grey, 1 - colour, 0)
