"""Inscrits et contacts pour un tableur ; `commun.tableur` y désamorce les formules."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from socle.fondations.commun.textes import format_jour_court
from socle.metiers.diffusion.models import Contact, Inscription
from socle.metiers.diffusion.queries.contacts import Cible


def iter_inscrits(inscriptions: Iterable[Inscription]) -> Iterator[Sequence[Any]]:
    yield ("nom", "courriel", "organisation", "collectivite", "etat", "inscrite le", "presente")
    for inscription in inscriptions:
        presence = {None: "", True: "oui", False: "non"}[inscription.present]
        yield (
            inscription.nom, inscription.courriel or "", inscription.organisation,
            inscription.autorite, inscription.get_etat_display(),
            format_jour_court(inscription.inscrite_le), presence,
        )  # fmt: skip


def iter_contacts(contacts: Iterable[Contact]) -> Iterator[Sequence[Any]]:
    yield ("nom", "courriel", "fonction", "organisation", "collectivite", "pourquoi", "origine",
           "vu le", "efface le")  # fmt: skip
    for contact in contacts:
        yield (
            contact.nom, contact.courriel, contact.fonction, contact.organisation,
            contact.autorite, contact.finalite, contact.origine,
            format_jour_court(contact.vu_le), format_jour_court(contact.expire_le),
        )  # fmt: skip


def iter_cibles(cibles: Iterable[Cible]) -> Iterator[Sequence[Any]]:
    yield ("cle", "nom", "genre", "departement", "population")
    for cible in cibles:
        yield (cible.cle, cible.nom, cible.genre, cible.departement, cible.population)
