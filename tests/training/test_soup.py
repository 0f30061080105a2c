"""Networks of one start are averaged into one that works like a network."""

from __future__ import annotations

import pytest
import torch

from marrowscope.training import soup
from marrowscope.training.networks.crop_classifier import CropClassifier

pytestmark = pytest.mark.training


def networks() -> list[CropClassifier]:
    found = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        found.append(CropClassifier())
    return found


def test_every_weight_is_the_mean_of_the_courses() -> None:
    one, other = networks()
    mixed = soup.averaged([one, other])
    mean = (one.fine.weight + other.fine.weight) / 2
    assert torch.allclose(mixed.fine.weight, mean)


def test_a_soup_of_one_network_is_that_network() -> None:
    (one, _) = networks()
    crops = torch.randn(2, 3, 128, 128)
    expected = one.eval()(crops).logits
    assert torch.equal(soup.averaged([one])(crops).logits, expected)


def test_no_network_makes_no_soup() -> None:
    with pytest.raises(ValueError, match="at least one"):
        soup.averaged([])


def test_settling_measures_what_the_network_sees() -> None:
    torch.manual_seed(0)
    mixed = soup.averaged(networks())
    seen = [torch.randn(4, 3, 128, 128) + 3 for _ in range(2)]
    before = mixed.trunk[0][1].running_mean.clone()
    soup.settle(mixed, seen)
    first = torch.cat([mixed.trunk[0][0](crops).detach() for crops in seen])
    after = mixed.trunk[0][1].running_mean
    assert not torch.allclose(before, after)
    assert torch.allclose(after, first.mean(dim=(0, 2, 3)), atol=1e-4)
    assert not any(module.training for module in mixed.modules())
