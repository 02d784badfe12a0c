"""Where files of the user's belong, on this platform or where the environment says."""

import errno
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


def made_folder(kind: Kind) -> Path:
    """Return the folder for such files, made where there is none, as are those above it, for the user alone.

    OSError where that cannot be.
    """
    path = folder(kind)
    for each in (*reversed(path.parents), path):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)
    return path


def own_state_folder() -> Path:
    """Return that of the state as `made_folder` does; OSError also where it is somebody else's.

    Who that is could put links into it.
    """
    path = made_folder("state")
    if path.stat().st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, "belongs to another user", str(path))
    return path
