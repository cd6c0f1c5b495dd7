"""Un acte, son émetteur, un message de chaque genre, et de quoi abîmer une archive."""

import gzip
import io
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from socle.normes.actes import modele as m
from socle.normes.actes.rapport import Anomalie
from socle.normes.actes.transmission import Depot, Emetteur, Envoi, Piece, write_transmission
from socle.normes.actes.vocabulaire import ACTES, Genre

ID = "035-213502388-20261120-2026_001-DE"
JOUR = date(2026, 11, 20)
CLASSIFICATION = date(2017, 12, 8)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 60
SEALE = '<Scellement md5="" sha1="" date="2026-01-01T00:00:00"/>'

ACTE = m.Acte(
    numero="2026_001", jour=JOUR, nature=1, matieres=("7", "1"),
    objet="Débat sur les orientations budgétaires – « œuvre » à 3 €", classification=CLASSIFICATION,
    document=m.Fichier(nom=f"99_DE-{ID}-1-1_1.pdf"),
)  # fmt: skip
EMETTEUR = Emetteur(
    siren="213502388", departement="035", arrondissement="1", type_emetteur="31",
    courriels=("actes@commune.test",),
    referent=m.Referent(nom="Service des assemblées", telephone="0200000000",
                        courriel="actes@commune.test"),
)  # fmt: skip
ENVOI = Envoi(jour=date(2026, 11, 21))
ENVELOPPE = m.Enveloppe(
    siren="213502388", departement="035", arrondissement="1", type_emetteur="31",
    courriels=("actes@commune.test", "copie@commune.test"),
    messages=(m.Fichier(nom=f"{ID}-1-1_0.xml"),), referent=EMETTEUR.referent,
)  # fmt: skip
DOCUMENT = m.Fichier(nom=f"99_AU-{ID}-2-1_1.pdf", signature="ancienne")


def list_messages() -> list[m.Message]:
    """Un message de chaque genre de la norme, au moins."""
    courrier: dict[str, Any] = {"id_acte": ID, "jour": date(2026, 12, 1)}
    un = {"documents": (DOCUMENT,)}
    nature = m.NatureAdmise(code=1, libelle="Délibérations", abrege="DE",
                            pieces=(("99_DE", "Délibération"), ("21_PA", "Projet")))  # fmt: skip
    fine = m.Matiere(code="7.1.3", libelle="Décisions modificatives")
    sous = m.Matiere(code="7.1", libelle="Décisions budgétaires", filles=(fine,))
    return [
        ACTE,
        replace(ACTE, matieres=("1", "1", "9", "1", "2"), precedent=ID, papier="O",
                annexes=(DOCUMENT, m.Fichier(nom="b.pdf")), nombre_annexes=2),
        m.ARActe(id_acte=ID, reception=JOUR, acte=replace(ACTE, nombre_annexes=0),
                 classification_en_cours=CLASSIFICATION),
        m.AnomalieActe(jour=JOUR, nature="002", detail="ODT-VERIF-01", acte=ACTE,
                       classification_en_cours=CLASSIFICATION),
        m.Courrier(genre=Genre.COURRIER_SIMPLE, **courrier, **un),
        m.Courrier(genre=Genre.REPONSE_COURRIER, **courrier, **un),
        m.Courrier(genre=Genre.DEMANDE_PIECES, **courrier, **un, texte="Le plan de situation"),
        m.Courrier(genre=Genre.AR_DEMANDE_PIECES, **courrier),
        m.Courrier(genre=Genre.REFUS_PIECES, **courrier, **un),
        m.Courrier(genre=Genre.PIECES, **courrier, documents=(DOCUMENT, DOCUMENT)),
        m.ARReponse(genre=Genre.AR_PIECES, **courrier, reception=JOUR),
        m.Courrier(genre=Genre.LETTRE_OBSERVATIONS, **courrier, **un, texte="Délai dépassé"),
        m.Courrier(genre=Genre.AR_LETTRE, **courrier),
        m.Courrier(genre=Genre.REJET_LETTRE, **courrier, **un),
        m.Courrier(genre=Genre.REPONSE_LETTRE, **courrier, **un),
        m.ARReponse(genre=Genre.AR_REPONSE_LETTRE, **courrier, reception=JOUR),
        m.Defere(id_acte=ID, depot=JOUR, illegalite="Incompétence", pieces=(DOCUMENT,)),
        m.Defere(id_acte=ID, depot=JOUR, illegalite="Incompétence"),
        m.Annulation(id_acte=ID),
        m.ARAnnulation(id_acte=ID, reception=JOUR),
        m.DemandeClassification(),
        m.DemandeClassification(jour=CLASSIFICATION),
        m.RetourClassification(
            jour=CLASSIFICATION, natures=(nature,),
            matieres=(m.Matiere(code="7", libelle="Finances locales", filles=(sous,)),),
        ),
        m.ClassificationInchangee(jour=CLASSIFICATION),
        ENVELOPPE,
        m.EnveloppeRetour(emetteur="IDSGAR", departement="035", siren="213502388",
                          messages=ENVELOPPE.messages),
        m.EnveloppeRetour(emetteur="IDSousPref", departement="02A", arrondissement="2",
                          siren="213502388", messages=ENVELOPPE.messages,
                          referent=m.Referent(nom="Bureau du contrôle")),
        m.AnomalieEnveloppe(jour=JOUR, nature="100", detail="", enveloppe=ENVELOPPE),
    ]  # fmt: skip


def build_depot(**changements: Any) -> Depot:
    """Un acte transmis ; les champs de l’acte se changent par leur nom."""
    gestes = {cle: changements.pop(cle) for cle in ("document", "annexes", "envoi", "schema",
              "classification", "emetteur") if cle in changements}  # fmt: skip
    defauts: dict[str, Any] = {
        "emetteur": EMETTEUR, "document": Piece(contenu=PDF, typologie="99_DE"), "envoi": ENVOI,
    }  # fmt: skip
    return write_transmission(acte=replace(ACTE, **changements), **{**defauts, **gestes})


def repack(membres: Iterable[tuple[str, bytes]]) -> bytes:
    """Une archive de ces fichiers, sans aucun contrôle."""
    tampon = io.BytesIO()
    with tarfile.open(fileobj=tampon, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for nom, contenu in membres:
            entree = tarfile.TarInfo(nom)
            entree.size = len(contenu)
            archive.addfile(entree, io.BytesIO(contenu))
    return gzip.compress(tampon.getvalue(), 1, mtime=0)


def edit(depot: Depot, nom: str, change: Callable[[bytes], bytes]) -> bytes:
    """L’archive d’un dépôt, dont un fichier (par la fin de son nom) est changé."""
    return repack(
        (cle, change(contenu) if cle.endswith(nom) else contenu) for cle, contenu in depot.fichiers
    )


def list_codes(anomalies: Iterable[Anomalie]) -> set[str]:
    return {anomalie.code for anomalie in anomalies}


def build_acte_xml(corps: str = "", **attributs: str) -> bytes:
    """Un message 1-1 écrit à la main."""
    champs = {"Date": "2026-11-20", "NumeroInterne": "1", "CodeNatureActe": "1"} | attributs
    textes = " ".join(f'actes:{nom}="{valeur}"' for nom, valeur in champs.items())
    return f'<actes:Acte xmlns:actes="{ACTES}" {textes}>{corps}</actes:Acte>'.encode()


def list_echantillons(donnees: Path) -> list[Path]:
    """Tous les fichiers réels : messages, enveloppes, archives, classification, budgets."""
    actes = donnees / "actes"
    return sorted(
        chemin
        for motif in ("*.xml", "*.tar.gz", "exemple_socle/*", "totem/*/totem.xml")
        for chemin in actes.glob(motif)
    )
