"""Where files of the user's belong, on this platform or where the environment says."""

import os
from pathlib import Path
from typing import Literal, get_args

import platformdirs

Kind = Literal["config", "data", "state", "cache"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def folder(kind: Kind) -> Path:
    """Return the folder for such files, `SCRATCHTUI_CONFIG_DIR` and its like first."""
    if chosen := os.environ.get(f"SCRATCHTUI_{kind.upper()}_DIR"):
        try:
            return Path(chosen).expanduser()
        except RuntimeError:  # the home of nobody
            return Path(chosen)
    places = platformdirs.PlatformDirs("scratchtui", appauthor=False)
    match kind:
        case "config":
            return places.user_config_path
        case "data":
            return places.user_data_path
        case "state":
            return places.user_state_path
        case "cache":
            return places.user_cache_path
