"""Where the program's own things lie, and the user's: the only module that knows."""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from pathlib import Path

import platformdirs

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.label_words import LabelWords
from marrowscope.domain.taxonomy import Taxonomy

_PACKAGE = Path(__file__).resolve().parents[1]
_APP = "MarrowScope"


def _shipped(name: str) -> Path:
    """`resources` or `models`: inside an installed wheel, or beside a checkout."""
    inside = _PACKAGE / f"_{name}"
    return inside if inside.is_dir() else _PACKAGE.parent / name


def resources() -> Path:
    """The folder of taxonomy, criteria, icons, fonts and templates."""
    return _shipped("resources")


def model_folders() -> list[Path]:
    """Folders whose sub-folders are model bundles: the user's first, then ours."""
    return [data_folder() / "models", _shipped("models")]


def data_folder() -> Path:
    """The user's own folder for cases, models and settings (MARROWSCOPE_HOME wins)."""
    chosen = os.environ.get("MARROWSCOPE_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir(_APP, False))


def cases_folder() -> Path:
    """Where a case is put when its slide's own folder cannot be written."""
    return data_folder() / "cases"


def settings_file() -> Path:
    return data_folder() / "settings.toml"


def log_file() -> Path:
    """The log; it never holds a patient's name."""
    return data_folder() / "log" / "marrowscope.log"


def _edited_or_shipped(name: str) -> Path:
    own = data_folder() / name
    return own if own.is_file() else resources() / name


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnusableSettings(
            f"The file {path.name} cannot be read ({error}).",
            f"Correct or remove {path}.",
        ) from error


@lru_cache(maxsize=1)
def load_taxonomy() -> Taxonomy:
    """The laboratory's own taxonomy.toml when there is one, else the shipped."""
    return Taxonomy.of(_toml(_edited_or_shipped("taxonomy.toml")))


@lru_cache(maxsize=1)
def load_criteria() -> Criteria:
    """The laboratory's own criteria.toml when there is one, else the shipped."""
    return Criteria.of(_toml(_edited_or_shipped("criteria.toml")), load_taxonomy())


@lru_cache(maxsize=1)
def load_label_words() -> LabelWords:
    """The laboratory's own label_words.toml when there is one, else the shipped."""
    return LabelWords.of(_toml(_edited_or_shipped("label_words.toml")), load_taxonomy())


def load_published() -> dict[str, object]:
    """The content of published_figures.toml: what the papers' tables say."""
    return _toml(resources() / "published_figures.toml")
