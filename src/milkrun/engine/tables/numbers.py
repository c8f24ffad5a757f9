"""Numbers as people write them: the decimal sign of a column is found from its own values, or asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milkrun.engine.tables.faults import Undecided

if TYPE_CHECKING:
    import polars as pl

# Words that say "no value" in tables.
NOTHING = ("na", "n/a", "n.a.", "null", "none", "nil", "-", "--", "#n/a", "#na", "?", "k.a.", "s/o", "n.d.", "tbd", "")
GROUPS = r"[\s\x{00a0}\x{202f}\x{2009}'’]"
MONEY = r"(?i)^(?:[€$£¥]|eur|usd|gbp|chf|pln)|(?:[€$£¥%]|eur|usd|gbp|chf|pln)$"
AMBIGUOUS = r"^[1-9]\d{0,2}[.,]\d{3}$"
EXAMPLES = 3


def bare(text: pl.Expr) -> pl.Expr:
    """Take away what is no digit, sign or separator of a number: currency, blanks and apostrophes between groups."""
    import polars as pl

    plain = text.str.replace_all(MONEY, "").str.replace_all(GROUPS, "").str.replace_all(MONEY, "")
    # (12) and 12- are how accountants write -12.
    inner = plain.str.extract(r"^\((.+)\)$", 1)
    trailing = plain.str.extract(r"^([\d.,]+)-$", 1)
    return (
        pl.when(inner.is_not_null()).then(pl.lit("-") + inner)
        .when(trailing.is_not_null()).then(pl.lit("-") + trailing)
        .otherwise(plain.str.replace("^\u2212", "-"))
    )  # fmt: skip


def decimal_sign(header: str, texts: pl.Series, answered: str | None) -> str:
    """Return the decimal sign of a column: comma or point.

    A value proves its sign when it has both signs, one sign twice, or a single one without three digits behind it.

    Raises:
        Undecided: no value proves a sign and some would mean different numbers, or values prove both.
    """
    import polars as pl

    if answered:
        return answered
    with_sign = texts.filter(texts.str.contains(r"\d[.,]|[.,]\d")).unique().sort()
    if not with_sign.len():
        return "point"
    values = pl.DataFrame({"raw": with_sign}).with_columns(bare(pl.col("raw")).str.strip_chars("-+").alias("v"))
    v = pl.col("v")
    proofs = values.select(
        comma=v.str.contains(
            r"^\d{1,3}(\.\d{3})+,\d*$|^\d*,(\d{1,2}|\d{4,})$|^0,\d+$|^\d{4,},\d+$|^\d{1,3}(\.\d{3}){2,}$"
        ),
        point=v.str.contains(
            r"^\d{1,3}(,\d{3})+\.\d*$|^\d*\.(\d{1,2}|\d{4,})$|^0\.\d+$|^\d{4,}\.\d+$|^\d{1,3}(,\d{3}){2,}$"
        ),
        open=v.str.contains(AMBIGUOUS),
    ).with_columns(values["raw"])
    comma, point = proofs.filter(pl.col("comma")), proofs.filter(pl.col("point"))
    return _judge(header, comma["raw"], point["raw"], proofs.filter(pl.col("open"))["raw"])


def _judge(header: str, comma: pl.Series, point: pl.Series, unclear: pl.Series) -> str:
    flag = "--decimal comma|point"
    if comma.len() and point.len():
        # One slip among a hundred values is a slip, and is refused as a row; more is a mixture.
        less, more = sorted((("comma", comma.len()), ("point", point.len())), key=lambda pair: pair[1])
        if less[1] * 100 <= more[1]:
            return more[0]
        question = (
            f"Column {header!r} has {comma.len()} values with a decimal comma ({_some(comma)}) and {point.len()} with "
            f"a decimal point ({_some(point)}): which one holds?"
        )
        raise Undecided("which_decimal", question, flag)
    if comma.len():
        return "comma"
    if point.len():
        return "point"
    if unclear.len():
        question = (
            f"Column {header!r} has {_some(unclear)}: is the sign in it a decimal sign or does it group thousands?"
        )
        raise Undecided("which_decimal", question, flag)
    return "point"


def _some(texts: pl.Series) -> str:
    return ", ".join(texts.head(EXAMPLES).to_list())


def parse(texts: pl.Series, decimal: str) -> pl.Series:
    """Return numbers; null where a text is none. NaN and infinite values stay, for the caller to refuse."""
    import polars as pl

    if texts.dtype.is_numeric():
        return texts.cast(pl.Float64)
    if decimal == "point":
        # 1,000 has its comma in the way, so that only what is plainly a number is taken at once.
        numbers = texts.cast(pl.Float64, strict=False)
        if numbers.null_count() == texts.null_count():
            return numbers
    return _carefully(texts, decimal)


def _carefully(texts: pl.Series, decimal: str) -> pl.Series:
    """Read each different text once."""
    import polars as pl

    # No group of thousands begins with 0: 0,125 in a column of points is a slip, and refused.
    group, sign = (r"\.", ",") if decimal == "comma" else (",", r"\.")
    different = pl.DataFrame({"raw": texts.unique().drop_nulls()}).with_columns(bare(pl.col("raw")).alias("v"))
    shaped = rf"^[-+]?([1-9]\d{{0,2}}({group}\d{{3}})+|\d+)?({sign}\d*)?([eE][-+]?\d{{1,4}})?$"
    number = (
        pl.when(pl.col("v").str.contains(shaped) & pl.col("v").str.contains(r"\d"))
        .then(pl.col("v").str.replace_all(group, "").str.replace(sign, "."))
        .cast(pl.Float64, strict=False)
    )  # fmt: skip
    endless = pl.col("v").str.contains(r"(?i)^[-+]?(nan|inf|infinity)$")
    read = different.with_columns(pl.when(endless).then(float("nan")).otherwise(number).alias("n"))
    return pl.DataFrame({"raw": texts}).join(read, on="raw", how="left", maintain_order="left")["n"]
