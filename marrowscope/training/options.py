"""The options that every course of training has."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch


def course_parser(
    description: str | None, *, steps: int, rate: float, start: str
) -> argparse.ArgumentParser:
    """A command line with where to work, how long, how fast and what to begin from.

    start: whose weights fit.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--backbone", default="mobilenet_v2")
    parser.add_argument("--start", type=Path, help=f"fp16 weights of {start}")
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--rate", type=float, default=rate, help="of the head")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    return parser


def course_arguments(
    parser: argparse.ArgumentParser, argv: Sequence[str] | None
) -> argparse.Namespace:
    """The command line read; torch set to its threads and seed."""
    given = parser.parse_args(argv)
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    return given
