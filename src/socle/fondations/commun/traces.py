"""Journaux techniques en JSON : un événement par ligne, jamais de donnée personnelle."""

import json
import logging
import traceback
from datetime import UTC, datetime

_CHAMPS_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request"}


class FormatJson(logging.Formatter):
    """Met un événement en JSON : instant, niveau, nom, champs ajoutés par `extra`.

    Le message d’une exception n’est pas écrit : il peut citer ce qu’une personne a saisi. Un chemin
    non plus, il peut porter un jeton : sa route le remplace.
    """

    def format(self, record: logging.LogRecord) -> str:
        ligne: dict[str, object] = {
            "instant": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "niveau": record.levelname,
            "evenement": _read_message(record),
        }
        ligne |= {cle: v for cle, v in vars(record).items() if cle not in _CHAMPS_STANDARD}
        if record.exc_info and record.exc_info[1]:
            ligne["erreur"] = describe_erreur(record.exc_info[1])
        return json.dumps(ligne, ensure_ascii=False, default=str)


def _read_message(record: logging.LogRecord) -> str:
    """Rend le message ; celui de Django sur une requête nomme la route, jamais le chemin."""
    requete = getattr(record, "request", None)
    message = record.getMessage()
    if requete is None:
        return message
    trouvee = getattr(requete, "resolver_match", None)
    route = trouvee.view_name if trouvee else "?"
    for chemin in sorted({requete.path, requete.path_info}, key=len, reverse=True):
        message = message.replace(chemin, route) if len(chemin) > 1 else message
    return message


def describe_erreur(erreur: BaseException) -> str:
    """Rend les types et les lignes d’une erreur et de ses causes, sans leurs messages."""
    textes: list[str] = []
    vue: BaseException | None = erreur
    while vue is not None and len(textes) < 5:
        lignes = [
            f"{ligne.filename}:{ligne.lineno} {ligne.name}"
            for ligne in traceback.extract_tb(vue.__traceback__)[-25:]
        ]
        code = getattr(vue, "sqlstate", None)
        nom = f"{type(vue).__module__}.{type(vue).__qualname__}" + (f" {code}" if code else "")
        textes.append("\n".join([nom, *lignes]))
        vue = vue.__cause__ or (None if vue.__suppress_context__ else vue.__context__)
    return "\ncausée par ".join(textes)
