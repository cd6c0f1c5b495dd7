"""Articles, abonnés, évènements, l’équipe, et un vrai serveur SMTP."""

import email
import email.policy
import socket
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from tests.factories import CompteFactory
from tests.metiers.diffusion.fabrique import make_evenement, publish, write_article


@dataclass
class Boite:
    """Ce qu’un serveur de courriel a reçu ; `refus` est la réponse qu’il fait à une adresse.

    `lire` faux garde les octets : dix mille messages ne se décodent pas pour être comptés.
    """

    recus: list = field(default_factory=list)
    refus: dict = field(default_factory=dict)
    lire: bool = True

    async def handle_RCPT(self, serveur, session, enveloppe, adresse, options):  # noqa: N802
        if adresse in self.refus:
            return self.refus[adresse]
        enveloppe.rcpt_tos.append(adresse)
        return "250 OK"

    async def handle_DATA(self, serveur, session, enveloppe):  # noqa: N802
        message = enveloppe.content
        if self.lire:
            message = email.message_from_bytes(message, policy=email.policy.default)
        self.recus.append((enveloppe.rcpt_tos[0], message))
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


@pytest.fixture
def redactrice(db):
    """Membre de l’équipe du programme."""
    compte = CompteFactory(agent=True, courriel="equipe@exemple.fr")
    MembreProgramme.objects.create(compte=compte, role=RoleProgramme.EQUIPE)
    return compte


@pytest.fixture
def article(db):
    return publish(write_article())


@pytest.fixture
def evenement(db):
    return make_evenement()
