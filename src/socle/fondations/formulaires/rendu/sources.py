"""Rendu d’un bloc de source : proposé, reçu, en échec, ou rempli à la main."""

from typing import TYPE_CHECKING, Any

from socle.fondations.formulaires import ports
from socle.fondations.formulaires.definition import ChampBase, Source
from socle.fondations.formulaires.moteur.echanges import (
    describe_reception,
    is_verrouille,
    read_echange,
    read_etat_source,
)
from socle.fondations.formulaires.moteur.structure import ChampCompile

if TYPE_CHECKING:
    from socle.fondations.formulaires.rendu.champs import RenduChamps

INDISPONIBLE = "Ce service n’est pas disponible ici : répondez vous-même."


def is_appelable(rendu: "RenduChamps", champ: ChampBase) -> bool:
    """Dit si la personne peut demander l’appel."""
    if not isinstance(champ, Source):
        return False
    refusees = rendu.contexte.sources_indisponibles
    return champ.code in ports.sources and champ.code not in refusees


def is_en_attente(rendu: "RenduChamps", champ: ChampBase) -> bool:
    """Dit si la personne n’a encore ni choisi, ni rempli un des champs de la source."""
    if not is_appelable(rendu, champ) or not isinstance(champ, Source):
        return False
    remplis = any(c.champ in rendu.etat.reponses for c in champ.correspondances)
    return not remplis and not read_etat_source(rendu.etat.reponses, champ.id)


def is_tu(rendu: "RenduChamps", compile_: ChampCompile) -> bool:
    """Dit si la source de la page parle pour ce champ : reçu, ou en attente d’un choix."""
    if not compile_.source or compile_.source not in rendu.etat.visibles:
        return False
    source = rendu.formulaire.structure.champs[compile_.source]
    if source.page != rendu.page.id:
        return False
    if is_verrouille(compile_, rendu.etat.reponses):
        return True
    return is_en_attente(rendu, source.champ)


def make_source(rendu: "RenduChamps", champ: Source) -> dict[str, Any]:
    """Rend l’état de l’échange et ce qui sera demandé, à qui, pourquoi.

    Source: CRPA, art. L. 114-8 et R. 114-9-5 (information de la personne avant l’échange).
    """
    rendu.gestes = True
    source = ports.sources.get(champ.code)
    echange = read_echange(rendu.etat.reponses, champ.id)
    donnees = {d.code: d.libelle for d in source.donnees} if source else {}
    return {
        "etat": read_etat_source(rendu.etat.reponses, champ.id) or "",
        "titre": champ.libelle or (source.titre if source else champ.code),
        "organisme": source.organisme if source else "",
        "finalite": _write_finalite(source.finalite if source else ""),
        "appelable": is_appelable(rendu, champ),
        "raison": rendu.contexte.sources_indisponibles.get(champ.code) or INDISPONIBLE,
        "demandees": [donnees.get(c.donnee, c.donnee) for c in champ.correspondances],
        "message": str(echange.get("message", "")),
        "reception": describe_reception(echange),
        "recues": _list_recues(rendu, champ),
    }


def _write_finalite(finalite: str) -> str:
    """Rend « pour calculer votre tarif », que la source écrive « pour » ou non."""
    return finalite if not finalite or finalite.startswith("pour") else f"pour {finalite}"


def _list_recues(rendu: "RenduChamps", champ: Source) -> list[dict[str, Any]]:
    recues = []
    for correspondance in champ.correspondances:
        compile_ = rendu.formulaire.structure.champs.get(correspondance.champ)
        if compile_ is None or compile_.id not in rendu.etat.visibles:
            continue
        if is_verrouille(compile_, rendu.etat.reponses):
            valeur = rendu.etat.reponses.get(compile_.id)
            texte = compile_.type.show_html(compile_.champ, valeur)
            recues.append({"libelle": compile_.champ.libelle, "texte": texte})
    return recues
