"""Times of a recording as a person writes them."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """Return a time as m:ss, or h:mm:ss from an hour on, cut to the second as players show it: 75.9 -> "1:15"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
