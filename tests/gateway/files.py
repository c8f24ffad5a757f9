"""Files as a customer's system would send them, made from the samples by exchanging what a test is about."""

from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "edi" / "samples"


def sample(name: str) -> bytes:
    """Read a sample as it is."""
    return (SAMPLES / name).read_bytes()


def two_vehicles(*changes: tuple[str, str], control: str = "00000000000123") -> bytes:
    """Return the sequenced sample, each (old, new) text exchanged once, under another control reference."""
    return _changed("deljit_jis_two_vehicles.edi", changes, "00000000000123", control)


def summarized(*changes: tuple[str, str], control: str = "00000000000124") -> bytes:
    """Return the summarised sample, changed likewise."""
    return _changed("deljit_summarized.edi", changes, "00000000000124", control)


def _changed(name: str, changes: tuple[tuple[str, str], ...], old: str, control: str) -> bytes:
    text = sample(name).decode("latin-1")
    for before, after in changes:
        assert before in text, f"{before} is not in {name}"
        text = text.replace(before, after, 1)
    return text.replace(old, control).encode("latin-1")
