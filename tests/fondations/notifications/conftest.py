"""Deux messages d’essai, un obligatoire et un facultatif, et un vrai serveur SMTP."""

import email
import email.policy
import socket
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller

from socle.fondations.notifications import queries
from socle.fondations.notifications.ports import Balise, ModeleParDefaut, modeles

ESSAIS = {
    "essai_recu": ModeleParDefaut(
        titre="Demande reçue",
        quand="Dès que la demande est déposée.",
        sujet="Votre demande {numero} est reçue",
        corps="Bonjour {prenom},\n\nNous l’avons reçue :\n- {numero}\n\nLa suivre : {lien}",
        balises={"numero": Balise("Numéro", "44171"), "prenom": Balise("Prénom", "Yanis")},
    ),
    "essai_lettre": ModeleParDefaut(
        titre="Lettre du mois",
        quand="Une fois par mois.",
        sujet="Des nouvelles de {collectivite}",
        corps="Bonjour.",
        obligatoire=False,
    ),
}


@pytest.fixture(autouse=True)
def _modeles_d_essai():
    for code, modele in ESSAIS.items():
        modeles.register(code, modele)
    queries.clear_cache()
    yield
    for code in ESSAIS:
        modeles._par_code.pop(code)


@dataclass
class Boite:
    """Ce qu’un serveur de courriel a reçu ; `refus` est la réponse qu’il fera à chaque adresse."""

    recus: list = field(default_factory=list)
    refus: str = ""

    async def handle_RCPT(self, serveur, session, enveloppe, adresse, options):  # noqa: N802
        if self.refus:
            return self.refus
        enveloppe.rcpt_tos.append(adresse)
        return "250 OK"

    async def handle_DATA(self, serveur, session, enveloppe):  # noqa: N802
        message = email.message_from_bytes(enveloppe.content, policy=email.policy.default)
        self.recus.append((enveloppe.rcpt_tos, message))
        return "250 OK"


@pytest.fixture
def boite(settings):
    """Un vrai serveur SMTP, branché sur les réglages."""
    recue = Boite()
    with socket.create_server(("127.0.0.1", 0)) as libre:
        port = libre.getsockname()[1]
    controle = Controller(recue, hostname="127.0.0.1", port=port)
    controle.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield recue
    controle.stop()
