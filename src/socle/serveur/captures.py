"""`./socle captures` : refait les images de la documentation.

Joue la démonstration dans un dossier jetable et photographie quatre pages. Demande les outils de
développement (Playwright, Pillow) et Chromium : c’est pour qui écrit la documentation.
"""

import io
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socle.serveur.arguments import Analyseur
from socle.serveur.console import say
from socle.serveur.demo import agent, usager
from socle.serveur.demo.contexte import Contexte
from socle.serveur.demo.etapes import seed
from socle.serveur.demo.etat import read_etat
from socle.serveur.demo.navigateur import Navigateur
from socle.serveur.dossier import RACINE, DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.ports import find_port_libre
from socle.serveur.service import Demande, start_service
from socle.serveur.test import find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DESCRIPTION = "Refait les images de la documentation (docs/images)."
IMAGES = RACINE / "docs" / "images"
LARGEUR, HAUTEUR = 1280, 860
POIDS_MAX = 150_000  # octets
CENTRER = "e => { e.scrollIntoView({block: 'center'}); scrollBy(0, -120); }"


def main(arguments: list[str]) -> int:
    """Refait les images ; 0 si les quatre sont là."""
    analyseur = Analyseur("captures", DESCRIPTION)
    analyseur.add_argument("--sortie", type=Path, default=IMAGES, metavar="DIR", help="où écrire")
    choix = analyseur.parse_args(arguments)
    if not find_chromium():
        raise ErreurServeur("Chromium est absent. Installez-le (apt install chromium).")
    choix.sortie.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="socle-captures-", ignore_cleanup_errors=True) as ici:
        Path(ici).chmod(0o755)  # sous root, la base tourne sous un autre compte
        dossier = DossierDonnees.choose(Path(ici) / "donnees")
        dossier.mark_demonstration()
        demande = Demande(dossier, find_port_libre(), bac_a_sable=True)
        with start_service(demande) as service:
            contexte = Contexte(service.installation, service.adresse_locale)
            service.superviseur.run_during(lambda: play(contexte, choix.sortie))
    return 0


def play(contexte: Contexte, sortie: Path) -> None:
    """Joue l’histoire et photographie au bon moment."""
    seed(contexte)
    with open_chromium() as chromium:

        def shoot(nom: str, adresse: str, visiteur: Navigateur | None, repere: str = "") -> None:
            image = photograph(
                chromium, f"{contexte.installation.adresse}{adresse}", visiteur, repere
            )
            (sortie / f"{nom}.png").write_bytes(image)
            say(f"{sortie / nom}.png : {len(image) // 1000} ko")

        shoot_all(contexte, shoot)


def shoot_all(contexte: Contexte, shoot: Callable[..., None]) -> None:
    """Le portail, l’étape du quotient, le suivi après décision, la liste des agents."""
    shoot("portail", "/c/clamart/", None)
    usager.fill(contexte)
    famille = usager.log_in(contexte)
    page = famille.adresse.removeprefix(contexte.installation.adresse)
    shoot("quotient", page.replace("resume/", "etape/2/"), famille, "output")
    for etape in (usager.file, agent.request_correction, usager.correct):
        etape(contexte)
    shoot("liste-agents", "/c/clamart/agent/dossiers/", agent.log_in(contexte, "instructrice"))
    agent.decide(contexte)
    usager.read_decision(contexte)
    shoot("suivi", f"/c/clamart/dossiers/{read_etat(contexte)['numero']}/", famille)


@contextmanager
def open_chromium() -> Any:
    """Ouvre le Chromium du système, sans appel à l’extérieur."""
    from playwright.sync_api import sync_playwright

    options = ["--no-sandbox", "--disable-background-networking", "--hide-scrollbars"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=options)
        try:
            yield chromium
        finally:
            chromium.close()


def photograph(
    chromium: "Browser", adresse: str, visiteur: Navigateur | None, repere: str
) -> bytes:
    """Photographie une page avec les témoins d’un visiteur déjà connecté.

    Args:
        repere: sélecteur à mettre au milieu de l’image ; vide, le haut de la page.
    """
    fenetre = {"width": LARGEUR, "height": HAUTEUR}
    contexte = chromium.new_context(viewport=fenetre, locale="fr-FR", reduced_motion="reduce")  # type: ignore[arg-type]
    try:
        if visiteur is not None:
            temoins = [
                {"name": temoin.name, "value": temoin.value or "", "url": adresse}
                for temoin in visiteur.client.cookies.jar
            ]
            contexte.add_cookies(temoins)  # type: ignore[arg-type]
        page = contexte.new_page()
        reponse = page.goto(adresse, wait_until="networkidle")
        if reponse is None or not reponse.ok:
            raise ErreurServeur(f"{adresse} ne répond pas comme prévu.")
        if repere:
            page.locator(repere).first.evaluate(CENTRER)
        return shrink(page.screenshot())
    finally:
        contexte.close()


def shrink(image: bytes) -> bytes:
    """Réduit la palette jusqu’à tenir sous `POIDS_MAX`.

    Raises:
        ErreurServeur: même à 16 couleurs, l’image est trop lourde.
    """
    from PIL import Image

    for couleurs in (256, 128, 64, 32, 16):
        sortie = io.BytesIO()
        reduite = Image.open(io.BytesIO(image)).convert("RGB").quantize(couleurs)
        reduite.save(sortie, "PNG", optimize=True)
        if sortie.tell() <= POIDS_MAX:
            return sortie.getvalue()
    raise ErreurServeur("Une image dépasse 150 ko même avec 16 couleurs.")
