"""Archives et messages : versement, acte transmis au contrôle de légalité, dossier de preuve."""

import re

from socle.metiers.verification.ports import Apercu, Verificateur
from socle.normes.actes.vocabulaire import GENRES

# Les noms que fixe @CTES : enveloppe, archive, message.
NOM_ACTES = re.compile(
    r"(?:^|[-_])[ET]ACT--|^\d{3}-\d{9}-\d{0,8}-\w{0,15}-[A-Z]{0,2}-\d-\d_\d+\.xml$"
)
RACINES_ACTES = re.compile(rf"<(?:\w+:)?(?:DocumentBudgetaire|{'|'.join(sorted(GENRES))})\b")
RACINES_SEDA = re.compile(r"<(?:\w+:)?(?:Acknowledgement|Archive[A-Z]\w+|Authorization[A-Z]\w+)\b")


def recognise_preuve(apercu: Apercu) -> int:
    """Un dossier de preuve porte un sommaire et sa signature, sous des noms fixes."""
    return 95 if {"sommaire.json", "sommaire.note"} <= set(apercu.entrees) else 0


def recognise_seda(apercu: Apercu) -> int:
    """Un paquet porte son bordereau à sa racine ; un message nu se reconnaît à sa racine XML."""
    if any(re.fullmatch(r"(?:\./)?manifest\.xml", nom) for nom in apercu.entrees):
        return 95
    return 90 if RACINES_SEDA.search(apercu.texte[:20_000]) else 0


def recognise_actes(apercu: Apercu) -> int:
    """Par les noms que fixe @CTES, sinon par la racine du message."""
    if any(NOM_ACTES.search(nom) for nom in (apercu.nom, *apercu.entrees)):
        return 90
    return 85 if RACINES_ACTES.search(apercu.texte[:20_000]) else 0


VERIFICATEURS = (
    Verificateur(
        norme="seda",
        titre="Versement d’archives (SIP, SEDA)",
        exemple="versement.zip, manifest.xml",
        recognise=recognise_seda,
        verbe="controler",
        sans_correction="Empreintes et signatures portent sur les octets du versement : le "
        "modifier changerait la preuve. Corrigez dans le logiciel qui l’a fait, puis refaites-le.",
    ),
    Verificateur(
        norme="actes",
        titre="Acte ou budget pour le contrôle de légalité (@CTES)",
        exemple="SLO-EACT--210600730--20180115-1.tar.gz",
        recognise=recognise_actes,
        verbe="controler",
        sans_correction="Un acte se transmet tel qu’il a été signé : le modifier changerait la "
        "preuve. Corrigez dans le logiciel qui l’a fait, puis refaites l’envoi.",
    ),
    Verificateur(
        norme="preuve",
        titre="Dossier de preuve",
        exemple="preuve-decision-12.zip",
        recognise=recognise_preuve,
        verbe="controler",
        sans_correction="Un dossier de preuve ne vaut que s’il n’a pas changé. Demandez-en un neuf "
        "à qui l’a fait.",
    ),
)
