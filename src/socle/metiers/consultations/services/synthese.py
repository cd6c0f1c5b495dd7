"""Écrire la synthèse, choisir un à un les textes publiés, publier les résultats."""

from datetime import datetime

from django.db import transaction

from socle.fondations.formulaires.definition import TexteCourt, TexteLong
from socle.metiers.consultations.enums import EtatCampagne
from socle.metiers.consultations.errors import EtatInattendu, ExtraitRefuse
from socle.metiers.consultations.models import Campagne, Extrait, Reponse
from socle.metiers.consultations.queries.campagnes import is_depouillable
from socle.metiers.consultations.queries.chiffres import compute_chiffres
from socle.metiers.consultations.queries.formulaires import get_formulaire
from socle.metiers.consultations.services.campagnes import lock_campagne
from socle.metiers.consultations.services.trace import record_action
from socle.metiers.consultations.signals import campagne_changee

EXTRAIT_MAX = 2_000


@transaction.atomic
def write_synthese(
    *, campagne: Campagne, texte: str, revision: int, acteur: str, maintenant: datetime
) -> bool:
    """Enregistre le texte de la synthèse ; faux si rien n’a changé.

    Raises:
        EtatInattendu: la campagne n’est pas close. ModifieAilleurs.
    """
    ligne = lock_campagne(campagne, revision=revision)
    if not is_depouillable(ligne, maintenant):
        raise EtatInattendu
    if ligne.synthese == texte:
        return False
    ligne.synthese = texte
    ligne.revision += 1
    ligne.save(update_fields=["synthese", "revision", "modifie_le"])
    record_action("consultation.synthese", ligne.cle, acteur, maintenant)
    return True


@transaction.atomic
def publish_synthese(*, campagne: Campagne, acteur: str, maintenant: datetime) -> Campagne:
    """Publie la synthèse et ses chiffres, comptés maintenant ; ils ne changent plus ensuite.

    Une campagne arrivée à sa date est close du même coup.

    Raises:
        EtatInattendu: elle est encore ouverte, ou déjà dépouillée.
    """
    ligne = lock_campagne(campagne, {EtatCampagne.PUBLIEE, EtatCampagne.CLOSE})
    if not is_depouillable(ligne, maintenant):
        raise EtatInattendu("La campagne est encore ouverte.", "Close, elle se dépouille.")
    if ligne.chiffres is None:
        ligne.chiffres = compute_chiffres(ligne, maintenant=maintenant)
    ligne.etat, ligne.depouillee_le = EtatCampagne.DEPOUILLEE, maintenant
    ligne.close_le = ligne.close_le or ligne.ferme_le
    ligne.revision += 1
    ligne.save()
    record_action("consultation.depouillee", ligne.cle, acteur, maintenant,
                  {"reponses": ligne.chiffres["total"]})  # fmt: skip
    campagne_changee.send(
        sender=Campagne, campagne=ligne, etat=EtatCampagne.DEPOUILLEE, acteur=acteur,
        maintenant=maintenant,
    )  # fmt: skip
    return ligne


@transaction.atomic
def choose_extrait(
    *, reponse: Reponse, champ: str, choisi: bool, acteur: str, maintenant: datetime
) -> bool:
    """Choisit de publier un texte libre, sans nom, ou y renonce ; faux si rien ne change.

    Raises:
        ExtraitRefuse: pas un texte libre, ou pas de réponse à cette question.
    """
    if not choisi:
        ote = Extrait.objects.filter(reponse=reponse, champ=champ).delete()[0]
        if ote:
            record_action(
                "consultation.extrait_retire", reponse.objet, acteur, maintenant,
                {"question": champ},
            )  # fmt: skip
        return bool(ote)
    texte = _read_texte(reponse, champ)
    _, cree = Extrait.objects.get_or_create(
        reponse=reponse, champ=champ,
        defaults={"campagne_id": reponse.campagne_id, "texte": texte, "acteur": acteur,
                  "choisi_le": maintenant},
    )  # fmt: skip
    if cree:
        record_action(
            "consultation.extrait_choisi", reponse.objet, acteur, maintenant, {"question": champ}
        )
    return cree


def _read_texte(reponse: Reponse, champ: str) -> str:
    compile_ = get_formulaire(reponse.campagne).structure.champs.get(champ)
    texte = reponse.reponses.get(champ)
    libre = compile_ is not None and isinstance(compile_.champ, TexteCourt | TexteLong)
    if not (libre and reponse.is_deposee and isinstance(texte, str) and texte.strip()):
        raise ExtraitRefuse
    return texte.strip()[:EXTRAIT_MAX]
