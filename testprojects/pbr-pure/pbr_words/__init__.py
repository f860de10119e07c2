"""Words that are kept in a data file."""

from importlib.resources import files


def words() -> list[str]:
    """Give the words of the data file, in order."""
    return files("pbr_words").joinpath("data/words.txt").read_text(encoding="utf-8").split()
