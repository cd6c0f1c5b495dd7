from django.db import models


class Niveau(models.TextChoices):
    """Gravité d’un constat."""

    BIEN = "bien", "En marche"
    INACTIF = "inactif", "Sans emploi"
    ATTENTION = "attention", "À voir"
    PANNE = "panne", "En panne"

    @property
    def couleur(self) -> str:
        """Couleur de la pastille ; le mot reste toujours écrit."""
        couleurs = {"bien": "success", "inactif": "", "attention": "warning", "panne": "danger"}
        return couleurs[self.value]


class FaitMesure(models.TextChoices):
    """Ce que compte l’installation, depuis le premier jour."""

    COLLECTIVITE = "collectivite", "Collectivités ouvertes"
    DEMARCHE = "demarche", "Démarches publiées"


# Actions du journal, en français. Celle d’une version plus récente est montrée par son code.
ACTIONS = {
    "dossier.depose": "Demande déposée",
    "dossier.accuse": "Accusé de réception fait",
    "dossier.consulte": "Dossier ouvert",
    "dossier.message": "Message écrit",
    "dossier.source_appelee": "Donnée demandée à l’État",
    "dossier.confie": "Dossier confié",
    "dossier.laisse": "Dossier laissé à tous les agents",
    "dossier.correction_demandee": "Correction demandée",
    "dossier.correction_annulee": "Correction annulée",
    "dossier.correction_deposee": "Correction déposée",
    "dossier.passer_en_instruction": "Passé en instruction",
    "dossier.repasser_en_construction": "Rendu à l’usager",
    "dossier.repasser_en_instruction": "Repassé en instruction",
    "dossier.accepter": "Demande acceptée",
    "dossier.refuser": "Demande refusée",
    "dossier.classer_sans_suite": "Classée sans suite",
    "dossier.decision_disponible": "Décision mise à disposition",
    "dossier.decision_consultee": "Décision lue",
    "dossier.brouillon_supprime": "Brouillon supprimé",
    "dossier.brouillon_purge": "Brouillon effacé à l’échéance",
    "dossier.effacement_annonce": "Effacement prochain annoncé à la personne",
    "dossier.lien_demande": "Lien de reprise demandé",
    "dossier.acces_demande": "Lien d’accès demandé",
    "dossier.acces_rouvert": "Demande ouverte par un lien d’accès",
    "dossier.repris": "Demande reprise par son lien",
    "dossier.version_changee": "Brouillon passé au nouveau formulaire",
    "dossier.deplace": "Dossier passé au nouveau formulaire",
    "dossier.courrier_envoye": "Courrier envoyé par la poste",
    "dossier.courrier_remis": "Courrier remis à la personne",
    "dossier.courrier_non_reclame": "Courrier non réclamé",
    "dossier.courrier_revenu": "Courrier revenu",
    "dossier.courrier_efface": "Envoi noté par erreur, effacé",
    "dossier.note_ecrite": "Note interne écrite",
    "dossier.note_changee": "Note interne changée",
    "dossier.note_effacee": "Note interne effacée",
    "dossier.trie": "Dossier trié",
    "dossier.elimine": "Dossier détruit",
    "dossiers.exportes": "Liste de dossiers exportée",
    "phrase.creee": "Phrase prête créée",
    "phrase.changee": "Phrase prête changée",
    "phrase.supprimee": "Phrase prête supprimée",
    "document.lu": "Pièce lue",
    "demarche.creee": "Démarche créée",
    "demarche.modifiee": "Démarche modifiée",
    "demarche.publiee": "Démarche publiée",
    "demarche.rouverte": "Démarche rouverte",
    "demarche.close": "Démarche fermée",
    "demarche.brouillon_ouvert": "Brouillon de démarche ouvert",
    "demarche.brouillon_abandonne": "Brouillon de démarche abandonné",
    "versement.pret": "Paquet d’archives prêt",
    "versement.a_corriger": "Paquet d’archives à corriger",
    "versement.transmis": "Versement transmis",
    "versement.accuse": "Versement reçu par le service d’archives",
    "versement.accepte": "Versement accepté par le service d’archives",
    "versement.refuse": "Versement refusé par le service d’archives",
    "versement.reponse_retiree": "Réponse des archives retirée, notée par erreur",
    "versement.relance": "Versement relancé",
    "versement.suspendu": "Paquet retiré, dossier rouvert",
    "versement.a_completer": "Versement à compléter, dossier rouvert",
    "archivage.regle": "Archivage réglé",
    "regle.creee": "Règle de conservation créée",
    "regle.modifiee": "Règle de conservation modifiée",
    "regle.proposees_ajoutees": "Règles proposées ajoutées",
    "bordereau.propose": "Bordereau d’élimination proposé",
    "bordereau.vise": "Bordereau d’élimination visé",
    "bordereau.refuse": "Bordereau d’élimination refusé",
    "bordereau.execute": "Bordereau d’élimination exécuté",
    "collectivite.fiche_changee": "Coordonnées changées",
    "collectivite.logo_change": "Logo changé",
    "collectivite.creee": "Collectivité ouverte",
    "collectivite.acces_change": "Adresse ou ouverture de la collectivité changée",
    "service.cree": "Service créé",
    "service.change": "Service changé",
    "agent.invite": "Agent invité",
    "agent.invitation_annulee": "Invitation annulée",
    "agent.role_donne": "Rôle donné",
    "agent.role_ote": "Rôle ôté",
    "agent.retire": "Agent retiré",
    "operateur.membre_ajoute": "Agent de l’opérateur ajouté",
    "programme.membre_ajoute": "Membre du programme nommé",
    "programme.membre_retire": "Membre du programme retiré",
    "compte.identite_reliee": "Identité reliée à un compte",
    "compte.identite_deliee": "Identité séparée d’un compte",
    "compte.rattachement_demande": "Rattachement demandé",
    "compte.rattachement_acceptee": "Rattachement accepté",
    "compte.rattachement_refusee": "Rattachement refusé",
    "compte.mot_de_passe_change": "Mot de passe changé",
    "compte.second_facteur_ajoute": "Second facteur ajouté",
    "compte.second_facteur_retire": "Second facteur retiré",
    "message.texte_change": "Texte d’un message changé",
    "message.texte_retabli": "Texte d’origine rétabli",
    "journal.exporte": "Journal exporté",
    "journal.preuve_remise": "Preuve remise",
    "journal.bifurcation": "Journal repris d’une sauvegarde",
    "journal.cle_creee": "Clé de preuve créée",
    "journal.cle_changee": "Clé de preuve changée",
}
OBJETS = {
    "dossier": "Dossier",
    "demarche": "Démarche",
    "versement": "Versement",
    "regle": "Règle de conservation",
    "collectivite": "Collectivité",
    "compte": "Compte",
    "invitation": "Invitation",
    "document": "Pièce",
    "message": "Message",
    "phrase": "Phrase prête",
    "bordereau": "Bordereau d’élimination",
    "journal": "Journal de preuve",
}
