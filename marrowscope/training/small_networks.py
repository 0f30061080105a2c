"""Writing a network of scikit-learn's as `imaging.small_network` reads it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler


def standardised(
    scaler: StandardScaler, measured: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Measures (N, K) as the network is fed with them."""
    return np.clip(scaler.transform(measured), -6, 6)


def as_one(networks: Sequence[MLPClassifier]) -> MLPClassifier:
    """The network whose outputs are, before they become chances, the mean of several's.

    Each has one hidden layer and was fitted to the same classes. What one of them says
    of pictures unlike those it learned from is chance; their mean is less so.
    """
    one = copy.copy(networks[0])
    hidden, said = zip(*(network.coefs_ for network in networks), strict=True)
    held, last = zip(*(network.intercepts_ for network in networks), strict=True)
    one.coefs_ = [np.hstack(hidden), np.vstack(said) / len(networks)]
    one.intercepts_ = [np.concatenate(held), np.mean(last, axis=0)]
    return one


def write_network(
    network: MLPClassifier, scaler: StandardScaler, names: Sequence[str], path: Path
) -> None:
    """Write layers, scaler and the names of the outputs, in the order of classes."""
    layers = {}
    weights, biases = list(network.coefs_), list(network.intercepts_)
    if len(names) == 2:
        # One logistic output says the same as two whose first stands at nought.
        weights[-1] = np.concatenate([0 * weights[-1], weights[-1]], axis=1)
        biases[-1] = np.concatenate([0 * biases[-1], biases[-1]])
    for i, pair in enumerate(zip(weights, biases, strict=True)):
        layers[f"weights{i}"], layers[f"biases{i}"] = map(np.float32, pair)
    np.savez_compressed(
        path,
        names=np.array(list(names)),
        mean=scaler.mean_.astype(np.float32),
        deviation=scaler.scale_.astype(np.float32),
        **layers,
    )
