"""Where the program's own things lie, and the user's: the only module that knows."""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from pathlib import Path

import platformdirs

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.definitions import Definitions
from marrowscope.domain.dysplasia_features import DysplasiaFeatures
from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.label_words import LabelWords
from marrowscope.domain.systems import Systems
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


def atlas_folder() -> Path:
    """The user's atlases of labelled cells, a file each; may not be there."""
    return data_folder() / "atlases"


def settings_file() -> Path:
    return data_folder() / "settings.toml"


def definitions_file() -> Path:
    """What this laboratory defines otherwise than the program; may not be there."""
    return data_folder() / "definitions.toml"


def key_map_folders() -> tuple[Path, Path]:
    """Where key maps lie: the reader's own, then the shipped."""
    return data_folder() / "key_maps", resources() / "key_maps"


def log_file() -> Path:
    """The log; it never holds a patient's name."""
    return data_folder() / "log" / "marrowscope.log"


def _edited_or_shipped(name: str) -> Path:
    own = data_folder() / name
    return own if own.is_file() else resources() / name


def read_toml(path: Path) -> dict[str, object]:
    """The content of a settings file. Raises UnusableSettings for a broken one."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnusableSettings(
            f"The file {path.name} cannot be read ({error}).",
            f"Correct or remove {path}.",
        ) from error


def load_taxonomy() -> Taxonomy:
    """The laboratory's own taxonomy.toml when there is one, else the shipped.

    What the laboratory's definitions.toml leaves in the differential is counted.
    """
    return _as_the_laboratory_counts()[0]


def load_criteria() -> Criteria:
    """The laboratory's own criteria.toml when there is one, else the shipped.

    Ratio and blasts are as its definitions.toml says, where there is one.
    """
    return _as_the_laboratory_counts()[1]


@lru_cache(maxsize=1)
def _as_the_laboratory_counts() -> tuple[Taxonomy, Criteria]:
    taxonomy, criteria = program_definitions()
    if not definitions_file().is_file():
        return taxonomy, criteria
    own = Definitions.of(taxonomy, criteria)
    changed = own.changed_by(read_toml(definitions_file()), taxonomy)
    return changed.applied(taxonomy, criteria)


def program_definitions() -> tuple[Taxonomy, Criteria]:
    """Taxonomy and criteria before the laboratory's definitions change them."""
    taxonomy = Taxonomy.of(read_toml(_edited_or_shipped("taxonomy.toml")))
    return taxonomy, Criteria.of(
        read_toml(_edited_or_shipped("criteria.toml")), taxonomy
    )


def read_definitions_again() -> None:
    """From now on count by what the files say now."""
    _as_the_laboratory_counts.cache_clear()


@lru_cache(maxsize=1)
def load_systems() -> Systems:
    """The laboratory's own classification.toml when there is one, else the shipped."""
    return Systems.of(read_toml(_edited_or_shipped("classification.toml")))


@lru_cache(maxsize=1)
def load_features() -> DysplasiaFeatures:
    """The laboratory's own dysplasia_features.toml when there is one, else ours."""
    return DysplasiaFeatures.of(
        read_toml(_edited_or_shipped("dysplasia_features.toml"))
    )


@lru_cache(maxsize=1)
def load_label_words() -> LabelWords:
    """The laboratory's own label_words.toml when there is one, else the shipped."""
    return LabelWords.of(
        read_toml(_edited_or_shipped("label_words.toml")), load_taxonomy()
    )


def load_published() -> dict[str, object]:
    """The content of published_figures.toml: what the papers' tables say."""
    return read_toml(resources() / "published_figures.toml")
