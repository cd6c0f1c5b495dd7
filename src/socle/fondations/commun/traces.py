"""Journaux techniques en JSON : un événement par ligne, jamais de donnée personnelle."""

import json
import logging
from datetime import UTC, datetime

_CHAMPS_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request"}


class FormatJson(logging.Formatter):
    """Met un événement en JSON : instant, niveau, nom, champs ajoutés par `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        ligne: dict[str, object] = {
            "instant": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "niveau": record.levelname,
            "evenement": record.getMessage(),
        }
        ligne |= {cle: v for cle, v in vars(record).items() if cle not in _CHAMPS_STANDARD}
        if record.exc_info:
            ligne["erreur"] = self.formatException(record.exc_info)
        return json.dumps(ligne, ensure_ascii=False, default=str)
