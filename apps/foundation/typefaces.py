"""Typefaces from wheels, by name: a machine without a single system font gives the same pixels."""

from importlib.resources import files
from pathlib import Path

#: Name used in this code -> (package, file inside it). All are OFL.
TYPEFACES = {
    "Anton": ("fontpkg_anton", "files/Anton-Regular.ttf"),
    "Montserrat": ("fontpkg_montserrat", "files/Montserrat[wght].ttf"),
    "Baloo 2": ("fontpkg_baloo_2", "files/Baloo2[wght].ttf"),
    "Noto Sans": ("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf"),
    "Noto Sans Devanagari": ("fontpkg_noto_sans_devanagari", "files/NotoSansDevanagari[wdth,wght].ttf"),
    "Noto Color Emoji": ("deckr_fonts", "fonts/NotoColorEmoji-Regular.ttf"),
}


def typeface_path(name: str) -> Path:
    """The font file of a typeface in TYPEFACES. Raises KeyError for another name."""
    package, inside = TYPEFACES[name]
    return Path(str(files(package))) / inside
