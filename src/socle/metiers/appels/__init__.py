"""Appels : ceux des autres, relayés par territoire et par thème, et ce qui a été accordé.

Mots du métier : appel relayé (écrit par un autre : ministère, région, agence), proposition (d’un
partenaire, que l’équipe vérifie), alerte (d’un agent pour sa collectivité, ou d’une adresse qui a
consenti deux fois), octroi (une somme accordée à une collectivité), versement, justificatif.

Textes : règlement général sur la protection des données, art. 7 ; RFC 8058 (désabonnement) ; loi
n° 2000-321, art. 10, et décret n° 2017-779 (données essentielles des subventions).
Entrées : `services.appels`, `services.alertes`, `services.octrois.record_octroi`.
"""
