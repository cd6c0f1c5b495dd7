"""`seda controler` d’un message XML seul : réponse, accusé, demande, notification, bordereau."""

import tempfile
import zipfile
from pathlib import Path

from socle.normes.seda.controles import Attentes, check_sip
from socle.normes.seda.controles.rapport import Statut, to_controles
from socle.normes.seda.controles.schema import check_schema
from socle.normes.seda.emplacement import Schematheque
from socle.normes.seda.message_lu import Genre, MessageIllisible, MessageLu
from socle.normes.seda.messages import read_message
from socle.serveur.normes.ports import Resultat, count

# Ce qui n’a de sens que pour un paquet : conteneur, noms et nombre de fichiers.
_DU_PAQUET = (
    "CHECK_CONTAINER",
    "MANIFEST_FILE_NAME_CHECK",
    "STP_UPLOAD_SIP",
    "CHECK_SEDA.CONTAINER_FORMAT",
    "CHECK_DATAOBJECTPACKAGE.CHECK_MANIFEST_OBJECTNUMBER",
)
_NOMS = {
    "ArchiveTransfer": "bordereau de transfert",
    "Acknowledgement": "accusé de réception",
    "ArchiveTransferReply": "réponse à un transfert",
}


def is_message(fichier: Path) -> bool:
    """Dit si le fichier est un XML seul plutôt qu’un paquet."""
    with fichier.open("rb") as flux:
        return flux.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def check_message(fichier: Path, schemas: Schematheque, *, vitam: bool) -> Resultat:
    """Lit un message avec indulgence, puis le compare au schéma de sa version."""
    try:
        with fichier.open("rb") as flux:
            message = read_message(flux)
    except MessageIllisible as refus:
        phrase = f"{refus.message} {refus.suite}"
        evenements = [_evenement("CHECK_SEDA.NOT_XML_FILE", "KO", phrase, "")]
        return _build(fichier, evenements, {}, ["Ce message ne se lit pas."])
    if message.genre is Genre.TRANSFERT:
        return _check_bordereau(fichier, message, schemas, vitam=vitam)
    choisi = schemas(message.version)
    controles = to_controles(
        "CHECK_SEDA.NOT_XSD_VALID",
        "Conformité au schéma",
        check_schema(
            lambda: fichier.open("rb"),
            choisi.objet,
            version_vitam=message.version if vitam else "",
        ),
    )
    evenements = [_evenement("CHECK_SEDA", "OK", f"Lu : {_name(message)}.", "")]
    evenements += [
        _evenement(c.code, c.statut.value, c.message or f"{c.nom} : rien à redire.", c.lieu)
        for c in controles
    ]
    phrases = [f"SEDA {message.version} : {_name(message)}.", f"Comparé à : {choisi.origine}."]
    if message.code_ecrit:
        phrases.append(f"Réponse : {message.code_ecrit}, {len(message.evenements)} événements.")
    faits: dict[str, object] = {
        "version": message.version,
        "message": message.genre.value,
        "identifiant": message.identifiant,
        "repond_a": message.repond_a,
        "reponse": message.code_ecrit,
        "manques": message.manques,
    }
    return _build(fichier, evenements, faits, phrases)


def _check_bordereau(
    fichier: Path, message: MessageLu, schemas: Schematheque, *, vitam: bool
) -> Resultat:
    """Joue sur un bordereau seul tous les contrôles qui se passent des fichiers."""
    with tempfile.NamedTemporaryFile(prefix="bordereau-", suffix=".zip") as paquet:
        with zipfile.ZipFile(paquet, "w") as archive:
            archive.write(fichier, "manifest.xml")
        paquet.flush()
        rapport = check_sip(
            Path(paquet.name),
            schemas=schemas,
            attentes=Attentes(extensions_vitam=vitam),
            lit_contenus=False,
        )
    evenements = [
        _evenement(c.code, c.statut.value, c.message or f"{c.nom} : rien à redire.", c.lieu)
        for c in rapport.controles
        if not c.code.startswith(_DU_PAQUET)
    ]
    faits: dict[str, object] = {
        "version": message.version,
        "message": message.genre.value,
        "identifiant": message.identifiant,
        "schema": rapport.schema,
        "nombre_unites": rapport.nombre_unites,
        "nombre_objets": rapport.nombre_objets,
    }
    phrases = [
        f"SEDA {message.version} : {_name(message)}, sans ses fichiers.",
        f"{count(rapport.nombre_unites, 'unité')}, {count(rapport.nombre_objets, 'objet')}.",
        f"Comparé à : {rapport.schema}.",
    ]
    return _build(fichier, evenements, faits, phrases)


def _name(message: MessageLu) -> str:
    nom = _NOMS.get(message.genre.value, message.genre.value)
    return f"{nom} « {message.identifiant} »" if message.identifiant else nom


def _evenement(code: str, statut: str, message: str, lieu: str) -> dict[str, str]:
    return {"code": code, "statut": statut, "message": message, "lieu": lieu}


def _build(
    fichier: Path, evenements: list[dict[str, str]], faits: dict[str, object], phrases: list[str]
) -> Resultat:
    valide = all(e["statut"] != Statut.KO.value for e in evenements)
    return Resultat(
        objet={
            "norme": "seda", "fichier": fichier.name, "valide": valide, **faits,
            "evenements": evenements,
        },
        valide=valide,
        phrases=phrases,
        fautes=[_to_faute(e) for e in evenements if e["statut"] == Statut.KO.value],
        notes=[_to_faute(e) for e in evenements if e["statut"] == Statut.WARNING.value],
    )  # fmt: skip


def _to_faute(evenement: dict[str, str]) -> tuple[str, str, str]:
    return evenement["lieu"] or "Message", evenement["code"], evenement["message"]
