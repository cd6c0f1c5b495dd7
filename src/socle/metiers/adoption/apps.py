from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    name = "socle.metiers.adoption"
    label = "adoption"
    verbose_name = "Adoption"

    def ready(self) -> None:
        from socle.fondations.commun import fiches
        from socle.fondations.commun.mesures import Mesure, mesures
        from socle.fondations.commun.semences import semences
        from socle.metiers.adoption.queries import inscriptions
        from socle.metiers.adoption.services.semence import seed

        fiches.fiches.register("convention", inscriptions.resolve_conventions)
        fiches.fiches.register("autorite", inscriptions.resolve_autorites)
        fiches.rappels.register("adoption", inscriptions.list_rappels_de)
        fiches.recherches.register("adoption", inscriptions.search_textes)
        fiches.recherches.register("adoption-collectivites", inscriptions.search_lieux)
        fiches.encarts_accueil.register(
            "adoption", fiches.Encart(50, "adoption/_accueil.html", inscriptions.build_accueil)
        )
        fiches.pages_equipe.register(
            "adoption",
            fiches.PageEquipe(
                50, "Adoption", "Importer et corriger les faits, tenir les conventions.",
                "adoption:equipe",
            ),
        )  # fmt: skip
        semences.register("50-adoption", seed)
        for code, mesure in {
            "collectivites_actives": Mesure(
                "Collectivités qui utilisent une solution", "collectivités",
                "Collectivités qui utilisent au moins une solution, faits fictifs exclus.",
                inscriptions.count_actives,
            ),
            "petites_collectivites": Mesure(
                "Part des collectivités actives de moins de 3 500 habitants", "%",
                "Parmi celles qui utilisent au moins une solution, faits fictifs exclus.",
                inscriptions.count_petites,
            ),
            "adhesions": Mesure(
                "Adhésions aux conventions", "adhésions",
                "Signatures en cours ce jour-là ; une collectivité compte par convention signée.",
                inscriptions.count_signatures,
            ),
            "solutions_suivies": Mesure(
                "Solutions utilisées", "solutions",
                "Solutions qu’au moins une collectivité utilise, d’après ce que l’on sait.",
                inscriptions.count_suivies,
            ),
        }.items():  # fmt: skip
            mesures.register(f"adoption.{code}", mesure)
        self._register_agents()

    def _register_agents(self) -> None:
        """Les réglages d’une collectivité annoncent ces pages ; le message relayé a son modèle."""
        from socle.fondations.administration.ports import PageDeReglage, pages_de_reglages
        from socle.fondations.comptes.enums import Role
        from socle.fondations.notifications.ports import Balise, ModeleParDefaut, modeles
        from socle.metiers.adoption.services.contact import CODE

        pages = {
            "adoption": ("Ce que nous utilisons", "Dire quelles solutions, et qui près de nous.",
                         "adoption:liste"),
            "conventions": ("Conventions et chartes", "Lire, signer, se retirer.",
                            "adoption:conventions"),
        }  # fmt: skip
        for ordre, (code, (titre, phrase, url)) in enumerate(pages.items(), start=60):
            pages_de_reglages.register(
                code,
                PageDeReglage(
                    groupe="collectivite",
                    titre=titre,
                    phrase=phrase,
                    url=url,
                    roles=(Role.ADMINISTRATEUR,),
                    ordre=ordre,
                ),
            )
        modeles.register(
            CODE,
            ModeleParDefaut(
                titre="Message d’une autre collectivité",
                quand="Quand une collectivité vous écrit au sujet de ce que vous utilisez.",
                sujet="{expediteur} vous écrit à propos de {solution}",
                corps="Bonjour,\n\n{expediteur} voit que vous utilisez {solution} et vous écrit :"
                "\n\n{message}\n\nPour répondre, écrivez à {reponse}. Votre adresse ne lui a pas"
                " été montrée.",
                balises={
                    "expediteur": Balise("Nom de la collectivité qui écrit", "Clamart"),
                    "solution": Balise("Nom de la solution", "Tchap"),
                    "message": Balise("Ce qu’elle écrit", "Bonjour, comment avez-vous fait ?"),
                    "reponse": Balise("Son adresse publique", "mairie@exemple.fr"),
                },
                portail=False,
                agents=True,
            ),
        )
