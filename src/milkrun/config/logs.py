"""One line a log record: time, level, logger, message, then facts as key=value; made for grep and for collectors.

Everything that could break a line or colour a terminal is escaped, because file names and texts come from outside.
"""

import json
import logging
from datetime import UTC, datetime

_OWN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Objects that frameworks hang on records; they are not facts.
_LEFT_OUT = {"request", "server_time", "status_code"}


class LogLine(logging.Formatter):
    """Writes a record as one line; a traceback follows in the field `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        """Put the line together."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = {k: v for k, v in vars(record).items() if k not in _OWN and k not in _LEFT_OUT}
        if record.exc_info:
            facts["trace"] = self.formatException(record.exc_info)
        said = "".join(f" {key}={_plain(value)}" for key, value in facts.items())
        return f"{at} {record.levelname} {record.name} {_printable(record.getMessage())}{said}"


def _plain(value: object) -> str:
    text = str(value)
    return text if text and text.isprintable() and not set(text) & set(' "=\\') else json.dumps(text)


def _printable(text: str) -> str:
    return text if text.isprintable() else json.dumps(text)[1:-1]
