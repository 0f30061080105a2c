"""The grid: cores tile, margins hold, edges belong to the outermost fields."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marrowscope.domain.errors import UnreadableRegion
from marrowscope.domain.geometry import Box
from marrowscope.imaging.tiles import plan_fields

LEE = {"spec_size": 512, "spec_mpp": 0.5, "margin_um": 32.0}


@settings(max_examples=200, deadline=None)
@given(
    width=st.integers(1, 9000),
    height=st.integers(1, 9000),
    mpp=st.floats(0.1, 2.0),
    corner=st.tuples(st.floats(-0.3, 0.9), st.floats(-0.3, 0.9)),
    share=st.tuples(st.floats(0.2, 1.5), st.floats(0.2, 1.5)),
)
def test_cores_tile_the_region_and_keep_their_margins(
    width, height, mpp, corner, share
):
    region = Box(
        int(corner[0] * width),
        int(corner[1] * height),
        int(share[0] * width) + 1,
        int(share[1] * height) + 1,
    )
    slide = Box(0, 0, width, height)
    wanted = region.intersection(slide)
    if wanted is None:
        return
    fields = plan_fields(width, height, **LEE, slide_mpp=mpp, region=region)
    assert sum(f.core.area for f in fields) == pytest.approx(wanted.area)
    assert [f.number for f in fields] == list(range(len(fields)))
    margin = LEE["margin_um"] / mpp
    for field in fields:
        core, box = field.core, field.box
        assert core.width > 0
        assert core.height > 0
        assert wanted.intersection(core) == core
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= width + 1e-6
        assert box.bottom <= height + 1e-6
        for distance, at_edge in (
            (core.x - box.x, box.x == 0),
            (core.y - box.y, box.y == 0),
            (box.right - core.right, abs(box.right - width) < 1e-6),
            (box.bottom - core.bottom, abs(box.bottom - height) < 1e-6),
        ):
            assert distance >= -1e-6
            assert at_edge or distance >= margin - 1e-6


@settings(max_examples=50, deadline=None)
@given(
    width=st.integers(1, 5000),
    height=st.integers(1, 5000),
    x=st.floats(0, 0.9999),
    y=st.floats(0, 0.9999),
)
def test_every_place_belongs_to_exactly_one_field(width, height, x, y):
    fields = plan_fields(width, height, **LEE, slide_mpp=0.25)
    owners = [f for f in fields if f.core.contains(x * width, y * height)]
    assert len(owners) == 1


def test_fields_have_the_size_the_reader_wants():
    fields = plan_fields(12_288, 12_288, **LEE, slide_mpp=0.25)
    assert {(f.box.width, f.box.height) for f in fields} == {(1024.0, 1024.0)}
    assert all(float(v).is_integer() for f in fields for v in (f.box.x, f.core.x))
    assert len(fields) == 16**2


def test_a_photo_smaller_than_a_field_is_one_field_of_its_own_size():
    (field,) = plan_fields(512, 384, **LEE, slide_mpp=0.17)
    assert field.box == field.core == Box(0, 0, 512, 384)


def test_a_photo_of_one_pixel_is_one_field():
    (field,) = plan_fields(1, 1, **LEE, slide_mpp=0.25)
    assert field.core == Box(0, 0, 1, 1)


def test_a_strip_is_one_row_of_fields():
    fields = plan_fields(30_000, 200, **LEE, slide_mpp=0.25)
    assert {(f.box.y, f.box.height) for f in fields} == {(0.0, 200)}
    assert fields[0].core.x == 0
    assert fields[-1].core.right == 30_000


def test_fields_look_over_the_inner_edge_of_a_region():
    region = Box(4000, 4000, 3000, 3000)
    fields = plan_fields(20_000, 20_000, **LEE, slide_mpp=0.25, region=region)
    assert min(f.core.x for f in fields) == 4000
    assert min(f.box.x for f in fields) <= 4000 - 128


def test_a_region_beside_the_slide_gets_one_sentence():
    with pytest.raises(UnreadableRegion, match="outside the slide"):
        plan_fields(100, 100, **LEE, slide_mpp=0.25, region=Box(200, 0, 10, 10))


def test_margins_that_leave_nothing_are_a_mistake():
    with pytest.raises(ValueError, match="nothing of a field"):
        plan_fields(99, 99, spec_size=100, spec_mpp=0.5, margin_um=25, slide_mpp=0.5)
