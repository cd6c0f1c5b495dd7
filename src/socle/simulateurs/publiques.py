"""Identités publiques de test de FranceConnect : celles de sa plateforme d’intégration.

Les valeurs sont celles que FranceConnect publie (france-connect/sources, comptes du fournisseur
d’identité de test, lus en 2026) : on retrouve ici ce que l’on aura chez lui. Des faits, recopiés
un à un ; le fichier lui-même n’est pas repris. Ni téléphone ni adresse : FranceConnect v2 n’en
remet plus. Ces personnes n’existent pas ; leurs boîtes, à yopmail.com, sont lisibles par tous.
"""

from socle.simulateurs.etat_civil import FRANCE, Personne


# fmt: off
def _publique(compte: str, nom: str, prenoms: str, genre: str, naissance: str, lieu: str,
              courriel: str, trait: str, usage: str = "", pays: str = FRANCE) -> Personne:
    return Personne(
        compte, nom, prenoms, genre, naissance, lieu,
        pays=pays, usage=usage, courriel=courriel, trait=trait, officielle=True,
    )


NOMS = (
    _publique("test", "DUBOIS", "Angela Claire Louise", "female", "1962-08-24", "75107",
              "wossewodda-3728@yopmail.com", "Identité de base"),
    _publique("avec_nom_dusage", "MERCIER", "Pierre", "male", "1969-03-17", "95277",
              "ymmyffarapp-1777@yopmail.com", "Nom d’usage différent du nom de naissance",
              usage="DUBOIS"),
    _publique("sans_nom_dusage", "DUPONT", "Paul Louis", "male", "1962-08-24", "75107",
              "etabage-0159@yopmail.com", "Sans nom d’usage"),
    _publique("nom_composé", "TROIS-DUPRE", "Melissandre Juliette", "female", "1981-07-27", "13012",
              "imyllommo-2736@yopmail.com", "Nom composé"),
    _publique("nom_50+_caractères", "AZERTYUIOPMLKJHGFDSQWXCVBNAZERTYUIOPMLKJHGFDSQWXCVBN",
              "Bertrand Cyril", "male", "2000-03-01", "75119",
              "cyxoxudaj-2393@yopmail.com", "Nom de 52 lettres"),
    _publique("nom_prénom_long", "DELALALALANDE", "Emmanuel Alexandre Nicolas", "male",
              "1991-01-07", "75101", "holisadduppe-5969@yopmail.com", "Nom et prénoms longs"),
    _publique("carac_speciaux", "DURANTéàèùòœæŒÆ", "JulieéàèùòœæŒÆ", "female", "1972-06-14",
              "2B002", "test@yopmail.com", "Caractères accentués, née en Haute-Corse"),
    _publique("caractères_spéciaux", "DUBINÔRE", "Joëlle Françoise", "female", "1992-08-15",
              "75117", "effannopiq-4009@yopmail.com", "Accents courants"),
    _publique("plusieurs_prénoms_2", "HOCHON", "Valentin Emmanuel", "male", "1955-01-01", "69674",
              "lippizucis-4803@yopmail.com", "Deux prénoms"),
    _publique("plusieurs_prénoms_3", "DUBIGNOT", "Jean Philippe Arnaud", "male", "1943-06-15",
              "75109", "ecuhebup-9337@yopmail.com", "Trois prénoms"),
    _publique("prénom_composé", "HUCHE", "Anne-Laure", "female", "1945-09-30", "31555",
              "owallottim-1136@yopmail.com", "Prénom composé"),
    _publique("prénom_composé_avec_espace", "Martin", "Jean_PrénomComposéAvecEspace", "male",
              "1962-08-24", "75107", "multiPrenom@france.fr",
              "Prénom à trait bas, nom en minuscules", usage="Martin"),
)
AGES = (
    _publique("moins_16_ans", "POSTEUR", "Alain", "male", "2015-06-20", "75113",
              "deseffesseupu-5120@yopmail.com", "Né en 2015"),
    _publique("moins_18_ans", "CHAMPION", "Alice Juliette", "female", "2009-05-02", "44109",
              "tonegellaf-0100@yopmail.com", "Née en 2009"),
    _publique("moins_25_ans", "CUILLERE", "Paul", "male", "2007-01-23", "42218",
              "minnannuxammi-4532@yopmail.com", "Né en 2007"),
    _publique("genre_indéfini", "LAFORGE", "Camille", "unspecified", "1954-08-07", "75119",
              "xagreureufadda-6730@yopmail.com", "Genre non précisé ; même courriel qu’Alia"),
)
MANQUES = (
    _publique("sans_prenom", "MARTIN", "", "female", "1972-06-14", "97601",
              "zalojummu-4690@yopmail.com", "Sans prénom"),
    _publique("sans_nom_naissance", "", "Anne-Laure Angélique", "female", "1992-08-12", "75103",
              "nepocajapp-8174@yopmail.com", "Sans nom de naissance"),
    _publique("sans_genre", "ARTOIS", "Dominique", "", "1984-01-06", "75119",
              "beitezeiteitou-9917@yopmail.com", "Sans sexe"),
    _publique("sans_birthplace", "SAVIGNY", "Rémi", "male", "1975-11-16", "",
              "coimmettawawo-7344@yopmail.com", "Sans commune de naissance"),
    _publique("sans_mail", "DUFOUR", "Amandine", "female", "1989-03-02", "75119",
              "", "Sans courriel", usage="DUFOUR"),
    _publique("sans_mail_sans_tel", "DUPAIN", "Eva", "female", "1990-12-06", "75119",
              "", "Ni courriel ni téléphone", usage="DUPAIN"),
    _publique("sans_telephone", "MEUNIER", "Hugo", "male", "1990-12-19", "75119",
              "sans_tel@test.fr", "Sans téléphone", usage="MEUNIER"),
)
NAISSANCES = (
    _publique("test_CORSE_2A", "Brosse", "Mario", "male", "1981-02-03", "2A004",
              "mario.brosse@france.fr", "Né en Corse-du-Sud", usage="Mario"),
    _publique("test_CORSE_2B", "Brosse", "Luigi", "male", "1981-02-03", "2B050",
              "luigi.brosse@france.fr", "Né en Haute-Corse", usage="Luigi"),
    _publique("naissance_polynesie_française", "REVEIL", "Titouan", "male", "1998-06-18", "98729",
              "nesspolynesie@yopmail.com", "Né en Polynésie française"),
    _publique("naissance_wallis_futuna", "Fleury", "Fabien", "male", "1972-06-14", "98611",
              "ijujasa-5293@yopmail.com", "Né à Wallis-et-Futuna"),
    _publique("naissance_Algérie", "MARTIN", "Vincent Guillaume", "male", "1963-12-05", "",
              "senossammab-2430@yopmail.com", "Né en Algérie : pas de commune de naissance",
              pays="99352"),
    _publique("naissance_Maroc", "GODIN", "Ermengardi", "female", "1985-09-05", "",
              "ammixaffa-0022@yopmail.com", "Née au Maroc", pays="99350"),
    _publique("naissance_Portugal", "SÉGUIN", "Henry", "male", "1955-06-19", "",
              "sanellaffilu-1962@yopmail.com", "Né au Portugal", pays="99139"),
    _publique("naissance_Belgique", "LAPRISE", "Saber", "male", "1946-08-17", "",
              "cynnepovaz-0031@yopmail.com", "Né en Belgique", usage="DULIN", pays="99131"),
    _publique("naissance_Espagne", "CHEVAL", "Marphisa", "female", "1982-02-24", "",
              "yttenneje-5416@yopmail.com", "Née en Espagne", usage="POULAIN", pays="99134"),
    _publique("naissance_Italie", "LIVRE", "Julien Bernard Pierre", "male", "1984-01-23", "",
              "inaqyzome-0621@yopmail.com", "Né en Italie", pays="99127"),
    _publique("naissance_etranger_birthplace_cog", "ALGER", "Vincent", "male", "1963-12-05",
              "90900", "didejuttoja-8426@yopmail.com",
              "Né en Algérie, un code de commune chez son fournisseur", pays="99352"),
    _publique("naissance_etranger_birthplace_texte", "ALGERIE", "Alia", "female", "1963-12-05",
              "Alger", "xagreureufadda-6730@yopmail.com",
              "Née en Algérie, une ville en toutes lettres chez son fournisseur", pays="99352"),
    _publique("mois_00", "MARTIN", "Yasser", "male", "1977-00-03", "75010",
              "yasser-martin@yopmail.com", "Mois de naissance inconnu"),
    _publique("étranger_présumé_né_jour", "FLEURET", "Jean", "male", "1992-11-00", "",
              "jean-fleuret@yopmail.com", "Jour de naissance inconnu", pays="99217"),
    _publique("étranger_présumé_né_jour_et_mois", "TARGE", "Jean", "male", "1992-00-00", "",
              "jean-targe@yopmail.com", "Jour et mois de naissance inconnus", pays="99217"),
)
# fmt: on
GROUPES = (
    ("noms et prénoms", NOMS),
    ("âge et genre", AGES),
    ("une donnée manque", MANQUES),
    ("lieu et date de naissance", NAISSANCES),
)
PUBLIQUES = tuple(personne for _titre, personnes in GROUPES for personne in personnes)
