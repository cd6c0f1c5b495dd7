"""Dossier de preuve d’un dossier : ce qu’un tiers vérifie seul, hors ligne."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import IO

from socle.fondations.commun.locataire import locataire
from socle.fondations.documents import queries as documents
from socle.fondations.documents.services.entrepot import iter_contenu
from socle.fondations.journal import services as journal
from socle.metiers.dossiers.models import Dossier
from socle.normes.preuve.archive import Source
from socle.normes.preuve.json_canonique import encode_json
from socle.normes.preuve.pieces import REPONSES, REPONSES_AU_DEPOT


def open_dossier_de_preuve(dossier: Dossier, maintenant: datetime) -> IO[bytes]:
    """Fait l’archive dans un fichier provisoire, en mémoire constante, et le rend ouvert au début.

    Elle contient les documents, les réponses (décidées, et telles que déposées si une correction
    ou un nouveau formulaire les a changées), les entrées du journal, leurs preuves et les clés. Le
    fichier n’a pas de nom : il disparaît quand l’appelant le ferme. À appeler hors transaction.

    Raises:
        RienDeScelle: aucune entrée du dossier n’est encore scellée.
    """
    with ExitStack() as pile, tempfile.TemporaryDirectory(prefix="preuve-") as chemin:
        sortie = pile.enter_context(tempfile.TemporaryFile())
        with locataire(dossier.collectivite_id):
            sources = list(_iter_sources(dossier, Path(chemin)))
        journal.write_preuve(
            sortie,
            objets=[dossier.objet],
            documents=sources,
            collectivite_id=dossier.collectivite_id,
            sels={dossier.objet: bytes(dossier.sel)} if dossier.sel else {},
            maintenant=maintenant,
        )
        sortie.seek(0)
        pile.pop_all()  # rien n’a échoué : à l’appelant de fermer
    return sortie


def _iter_sources(dossier: Dossier, chemin: Path) -> Iterator[tuple[str, Source]]:
    if not dossier.sel:  # dossier éliminé : il ne reste que son journal, muet
        return
    yield REPONSES, encode_json(dossier.reponses)
    if dossier.reponses_deposees is not None:
        yield REPONSES_AU_DEPOT, encode_json(dossier.reponses_deposees)
    for piece in documents.list_documents(dossier.objet):
        copie = chemin / str(piece.pk)
        with copie.open("wb") as sortie:
            for morceau in iter_contenu(piece):
                sortie.write(morceau)
        yield f"{piece.pk}-{piece.nom}", copie
