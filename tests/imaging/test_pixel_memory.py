"""Memory of pictures is used again, and never while somebody looks at them."""

from __future__ import annotations

import numpy as np

from marrowscope.imaging.pixel_memory import VECTOR, PixelMemory

SHAPE = 300, 300, 3
COUNT = 300 * 300 * 3


def test_memory_is_lent_again_when_the_last_view_of_it_is_gone():
    memory = PixelMemory(2 * COUNT)
    first = memory.lend(SHAPE)
    corner, place = first[10:20, 10:20][2:5], first.ctypes.data
    del first
    assert memory.held == 0  # the corner is still looked at
    assert memory.lend(SHAPE).ctypes.data != place
    del corner
    again = memory.lend(SHAPE)
    assert again.ctypes.data == place
    assert memory.held == 0


def test_pictures_lent_at_once_never_share_memory():
    memory = PixelMemory(4 * COUNT)
    held = []
    for number in range(40):
        picture = memory.lend(SHAPE)
        picture[:] = number
        held.append(picture)
        if number % 3 == 0:
            held.pop(0)
    numbers = [int(picture[0, 0, 0]) for picture in held]
    assert len(set(numbers)) == len(held)
    assert all(np.all(one == number) for one, number in zip(held, numbers, strict=True))


def test_no_more_than_the_bound_waits_to_be_lent():
    memory = PixelMemory(3 * COUNT)
    lent = [memory.lend(SHAPE) for _ in range(5)]
    del lent
    assert 2 * COUNT <= memory.held <= 3 * COUNT


def test_no_picture_begins_where_the_decoder_would_write_past_the_cache():
    memory = PixelMemory(9 * COUNT)
    lent = [memory.lend((300, 300 + number, 3)) for number in range(8)]
    assert all(picture.ctypes.data % (VECTOR // 2) for picture in lent)
