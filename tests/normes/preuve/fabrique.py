"""Un petit journal en mémoire, qui scelle comme l’application et fait des dossiers de preuve."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from socle.normes.preuve import engagements
from socle.normes.preuve.dossier import build_dossier_de_preuve
from socle.normes.preuve.merkle import hash_feuille
from socle.normes.preuve.notes import ClePublique, Signataire
from socle.normes.preuve.pieces import (
    ContenuPreuve,
    DocumentProuve,
    EntreeProuvee,
    TeteProuvee,
    encode_entree,
    encode_tete,
)
from socle.normes.preuve.points import PointDeControle
from socle.normes.preuve.tuiles import ArbreEnMemoire

DEBUT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
NOM = "socle/1f2e3d4c"
SEL = bytes(range(32))
ACCUSE = "Accusé de réception n° 44171".encode()
DECISION = b"%PDF-1.7 decision"


def build_signataire(graine: int = 1, nom: str = NOM) -> Signataire:
    return Signataire(nom, Ed25519PrivateKey.from_private_bytes(bytes([graine]) * 32))


@dataclass
class JournalEnMemoire:
    """Une collectivité qui écrit, une autre qui écrit aussi, un sommet signé à chaque lot."""

    signataire: Signataire = field(default_factory=build_signataire)
    origine: str = NOM
    feuilles: list[bytes] = field(default_factory=list)
    sommet: list[bytes] = field(default_factory=list)
    lots: list[tuple[bytes, int, bytes, ClePublique]] = field(default_factory=list)
    tailles: list[int] = field(default_factory=list)

    def record(self, objet: str, action: str, donnees=None, engages=None) -> int:
        rang = len(self.feuilles)
        self.feuilles.append(
            encode_entree(
                identifiant=f"entree-{rang}",
                collectivite=17,
                action=action,
                objet=objet,
                acteur="agent:12",
                survenu_le=DEBUT + timedelta(seconds=rang),
                donnees=donnees or {},
                engagements=engages or {},
            )
        )
        return rang

    def seal(self) -> None:
        self.sommet.append(encode_tete(collectivite=4, taille=len(self.sommet) + 1, racine=SEL))
        arbre = self.build_arbre(len(self.feuilles))
        tete = encode_tete(collectivite=17, taille=arbre.taille, racine=arbre.racine)
        self.sommet.append(tete)
        sommet = self.build_sommet(len(self.sommet))
        point = PointDeControle(self.origine, sommet.taille, sommet.racine)
        indice = len(self.sommet) - 1
        note = point.sign(self.signataire)
        self.lots.append((tete, indice, note, self.signataire.cle_publique))
        self.tailles.append(arbre.taille)

    def build_arbre(self, taille: int) -> ArbreEnMemoire:
        return ArbreEnMemoire([hash_feuille(f) for f in self.feuilles[:taille]])

    def build_sommet(self, taille: int) -> ArbreEnMemoire:
        return ArbreEnMemoire([hash_feuille(f) for f in self.sommet[:taille]])

    def build_contenu(self, rangs: list[int], documents=(), jetons=None) -> ContenuPreuve:
        arbre, sommet = self.build_arbre(self.tailles[-1]), self.build_sommet(len(self.sommet))
        tetes = []
        for lot, (contenu, indice, note, _cle) in enumerate(self.lots):
            taille = indice + 1
            tetes.append(
                TeteProuvee(
                    contenu=contenu,
                    indice=indice,
                    chemin=sommet.build_inclusion(indice, taille),
                    note=note,
                    coherence_tete=arbre.build_coherence(self.tailles[lot], arbre.taille),
                    coherence_point=sommet.build_coherence(taille, sommet.taille),
                    jeton=(jetons or {}).get(lot, b""),
                )
            )
        entrees = [self._prove(rang, arbre) for rang in rangs]
        return ContenuPreuve(17, ["dossier:44171"], entrees, tetes, documents)

    def build(self, contenu: ContenuPreuve) -> bytes:
        cles = [cle for *_, cle in self.lots]
        return build_dossier_de_preuve(
            contenu, signataire=self.signataire, cles=cles, maintenant=DEBUT + timedelta(days=1)
        )

    def _prove(self, rang: int, arbre: ArbreEnMemoire) -> EntreeProuvee:
        lot = next(i for i, taille in enumerate(self.tailles) if rang < taille)
        chemin = arbre.build_inclusion(rang, self.tailles[lot])
        return EntreeProuvee(self.feuilles[rang], lot + 1, rang, chemin)


def build_journal() -> tuple[JournalEnMemoire, list[int]]:
    """Trois lots ; le dossier 44171 y a quatre entrées, parmi celles d’un autre."""
    journal = JournalEnMemoire()
    engages = {"document:a1": engagements.engage(SEL, "document:a1", ACCUSE)}
    empreinte = {"sha256": engagements.hash_document(DECISION).hex()}
    rangs = [journal.record("dossier:44171", "dossier.depose", {"canal": "en_ligne"}, engages)]
    for _ in range(3):
        journal.record("dossier:7", "dossier.consulte")
    journal.seal()
    rangs.append(journal.record("dossier:44171", "dossier.instruit"))
    journal.record("dossier:7", "dossier.consulte")
    rangs.append(journal.record("dossier:44171", "dossier.accepte", empreinte))
    journal.seal()
    rangs.append(journal.record("dossier:44171", "dossier.notifie"))
    journal.seal()
    return journal, rangs


def build_documents() -> list[DocumentProuve]:
    sel = engagements.derive_sel(SEL, "document:a1")
    return [
        DocumentProuve("Accusé de réception.txt", ACCUSE, 1, "document:a1", sel),
        DocumentProuve("decision.pdf", DECISION, 3),
    ]


def build_dossier(jetons=None) -> bytes:
    journal, rangs = build_journal()
    return journal.build(journal.build_contenu(rangs, build_documents(), jetons))
