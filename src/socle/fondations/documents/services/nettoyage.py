"""Ce qui ne sert plus s’en va : provisoires, orphelins, retirés, contenus sans document."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from socle.fondations.documents.models import Document
from socle.fondations.documents.ports import get_prefixe, usages
from socle.fondations.documents.services.entrepot import get_entrepot

traces = logging.getLogger(__name__)
AGE_ORPHELIN = timedelta(days=2)
FENETRE = timedelta(days=30)  # plus vieux : déjà regardé
DELAI_PURGE = timedelta(days=1)
PAR_PASSAGE = 500


def clean_orphelins(*, maintenant: datetime) -> int:
    """Retire les fichiers déposés depuis deux jours que leur objet n’a jamais retenus.

    Ne touche que les objets dont le métier a inscrit la règle dans `ports.usages`.
    """
    limite = maintenant - AGE_ORPHELIN
    recents = (
        Document.objects.courants()
        .presents()
        .filter(depose_le__lt=limite, depose_le__gte=limite - FENETRE)
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
    anciens = Document.objects.courants().filter(retire_le__lt=maintenant - DELAI_PURGE)
    retires = list(anciens.order_by("retire_le")[:PAR_PASSAGE])
    Document.objects.filter(pk__in=[document.pk for document in retires]).delete()
    par_empreinte = {document.sha256: document.chemin for document in retires}
    inutiles = [par_empreinte[sha256] for sha256 in _list_sans_document(par_empreinte)]
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
    avant = (maintenant - DELAI_PURGE).timestamp()
    for lot in _iter_lots(entrepot.iter_chemins(collectivite_id)):
        par_empreinte = {chemin.rpartition("/")[2]: chemin for chemin in lot}
        for sha256 in _list_sans_document(par_empreinte):
            nombre += entrepot.delete(par_empreinte[sha256], avant=avant)
    if nombre:
        traces.info("documents.contenus_otes", extra={"nombre": nombre})
    return nombre


def _iter_lots(chemins: Iterator[str]) -> Iterator[list[str]]:
    while lot := list(islice(chemins, PAR_PASSAGE)):
        yield lot


def _list_sans_document(empreintes: Iterable[str]) -> list[str]:
    """Parmi ces contenus, ceux qu’aucun document de la collectivité ne nomme plus."""
    cherchees = set(empreintes)
    gardees = Document.objects.courants().filter(sha256__in=cherchees).order_by("sha256")
    return sorted(cherchees - set(gardees.values_list("sha256", flat=True)))
