"""The colours. Those that cover most of the screen are exact entries of the 256-colour palette."""

from textual.theme import Theme

THEMES = (
    Theme(
        name="scratch-dark",
        dark=True,
        primary="#5fafff",
        secondary="#87afd7",
        accent="#ffaf5f",
        foreground="#d0d0d0",
        background="#121212",
        surface="#1c1c1c",
        panel="#303030",
        success="#87d787",
        warning="#ffd75f",
        error="#ff8787",
    ),
    Theme(
        name="scratch-light",
        dark=False,
        primary="#005faf",
        secondary="#5f5f87",
        accent="#af5f00",
        foreground="#262626",
        background="#eeeeee",
        surface="#ffffff",
        panel="#d0d0d0",
        success="#005f00",
        warning="#875f00",
        error="#af0000",
    ),
    Theme(
        name="scratch-contrast",
        dark=True,
        primary="#5fd7ff",
        secondary="#ffffff",
        accent="#ffff00",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#4e4e4e",
        success="#5fff5f",
        warning="#ffff00",
        error="#ff8787",
    ),
)
