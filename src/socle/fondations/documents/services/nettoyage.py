"""Ce qui ne sert plus s’en va : provisoires, orphelins, retirés, contenus sans document."""

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from socle.fondations.commun.locataire import current_collectivite_id
from socle.fondations.documents.models import Document
from socle.fondations.documents.ports import get_prefixe, usages
from socle.fondations.documents.services.entrepot import get_entrepot

journal = logging.getLogger(__name__)
AGE_ORPHELIN = timedelta(days=2)
DELAI_PURGE = timedelta(days=1)
PAR_PASSAGE = 500


def clean_orphelins(*, maintenant: datetime) -> int:
    """Retire les fichiers déposés depuis deux jours que leur objet n’a jamais retenus.

    Ne touche que les objets dont le métier a inscrit la règle dans `ports.usages`.
    """
    recents = Document.objects.presents().filter(
        collectivite_id=current_collectivite_id(),
        depose_le__lt=maintenant - AGE_ORPHELIN,
        depose_le__gte=maintenant - AGE_ORPHELIN - timedelta(days=30),
    )
    par_objet: dict[str, list[Document]] = defaultdict(list)
    for document in recents.order_by("pk")[: PAR_PASSAGE * 10]:
        par_objet[document.objet].append(document)
    orphelins = []
    for objet, documents in par_objet.items():
        regle = usages.get(get_prefixe(objet))
        if regle is not None:
            gardes = regle(objet, documents)
            orphelins += [d.pk for d in documents if d.pk not in gardes]
    return Document.objects.filter(pk__in=orphelins).update(retire_le=maintenant)


def purge_retires(*, maintenant: datetime) -> int:
    """Supprime les documents retirés depuis un jour, et leurs octets si rien d’autre n’en a."""
    collectivite_id = current_collectivite_id()
    retires = list(
        Document.objects.filter(
            collectivite_id=collectivite_id, retire_le__lt=maintenant - DELAI_PURGE
        ).order_by("retire_le")[:PAR_PASSAGE]
    )
    Document.objects.filter(pk__in=[document.pk for document in retires]).delete()
    inutiles = [
        document.chemin
        for document in {d.sha256: d for d in retires}.values()
        if not _is_reference(document.sha256)
    ]
    avant = (maintenant - DELAI_PURGE).timestamp()
    # Après la transaction : annulée, elle laisserait des documents sans octets.
    transaction.on_commit(lambda: _delete_contenus(inutiles, avant))
    return len(retires)


def _delete_contenus(chemins: list[str], avant: float) -> None:
    entrepot = get_entrepot()
    for chemin in chemins:
        entrepot.delete(chemin, avant=avant)


def clean_contenus(*, collectivite_id: int, maintenant: datetime) -> int:
    """Ôte les contenus sans document : un arrêt brutal entre le rangement et l’inscription."""
    entrepot, nombre = get_entrepot(), 0
    for chemin in entrepot.iter_chemins(collectivite_id):
        if not _is_reference(chemin.rpartition("/")[2]):
            nombre += entrepot.delete(chemin, avant=(maintenant - DELAI_PURGE).timestamp())
    if nombre:
        journal.info("documents.contenus_otes", extra={"nombre": nombre})
    return nombre


def _is_reference(sha256: str) -> bool:
    return Document.objects.filter(
        collectivite_id=current_collectivite_id(), sha256=sha256
    ).exists()
