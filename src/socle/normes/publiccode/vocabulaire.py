"""Les valeurs permises de la norme, et les clés que nous connaissons."""


def _mots(texte: str) -> frozenset[str]:
    return frozenset(texte.split())


VERSIONS = frozenset(
    {"0", "0.2", "0.2.0", "0.2.1", "0.2.2", "0.3", "0.3.0", "0.4", "0.4.0", "0.5", "0.5.0"}
)
PLATEFORMES = ("web", "windows", "mac", "linux", "ios", "android")
ETATS = ("concept", "development", "beta", "stable", "obsolete")
TYPES = (
    "standalone/mobile",
    "standalone/iot",
    "standalone/desktop",
    "standalone/web",
    "standalone/backend",
    "standalone/other",
    "addon",
    "library",
    "configurationFiles",
)
MAINTENANCES = ("internal", "contract", "community", "none")
CLES = _mots(
    "publiccodeYmlVersion name applicationSuite url landingURL isBasedOn organisation"
    " organizationUri softwareVersion releaseDate logo monochromeLogo inputTypes outputTypes"
    " platforms categories usedBy fundedBy roadmap developmentStatus softwareType"
    " intendedAudience description legal maintenance localisation dependsOn supports it IT"
)
CLES_DE_SECTION = {
    "intendedAudience": frozenset({"countries", "unsupportedCountries", "scope"}),
    "legal": frozenset({"license", "mainCopyrightOwner", "repoOwner", "authorsFile"}),
    "maintenance": frozenset({"type", "contractors", "contacts"}),
    "localisation": frozenset({"localisationReady", "availableLanguages"}),
    "dependsOn": frozenset({"open", "proprietary", "hardware"}),
}
CLES_DE_LANGUE = _mots(
    "localisedName genericName shortDescription longDescription documentation apiDocumentation"
    " features screenshots videos awards"
)
DOMAINES = _mots(
    "agriculture culture defence education emergency-services employment energy environment"
    " finance-and-economic-development foreign-affairs healthcare infrastructures"
    " justice local-authorities manufacturing research science-and-technology security society"
    " sport tourism transportation welfare"
)
CATEGORIES = _mots(
    "accounting agile-project-management applicant-tracking application-development"
    " appointment-scheduling backup billing-and-invoicing blog budgeting business-intelligence"
    " business-process-management cad call-center-management cloud-management collaboration"
    " communications compliance-management contact-management content-management crm"
    " customer-service-and-support data-analytics data-collection data-visualization design"
    " design-system digital-asset-management digital-citizenship document-management"
    " donor-management e-commerce e-signature educational-content email-management"
    " email-marketing employee-management enterprise-project-management"
    " enterprise-social-networking erp event-management facility-management"
    " feedback-and-reviews-management financial-reporting fleet-management fundraising"
    " gamification geographic-information-systems grant-management graphic-design help-desk hr"
    " ide identity-management instant-messaging inventory-management it-asset-management"
    " it-development it-management it-security it-service-management knowledge-management"
    " learning-management-system marketing mind-mapping mobile-marketing"
    " mobile-payment network-management office online-booking online-community payment-gateway"
    " payroll predictive-analysis procurement productivity-suite project-collaboration"
    " project-management property-management real-estate-management remote-support"
    " resource-management sales-management seo service-desk social-media-management survey"
    " talent-management task-management taxes-management test-management time-management"
    " time-tracking translation video-conferencing video-editing visitor-management voip"
    " warehouse-management web-collaboration web-conferencing website-builder whistleblowing"
    " workflow-management"
)
# Identifiants SPDX courants des licences libres. Un identifiant bien formé mais absent d’ici est
# signalé sans être refusé : la liste de SPDX grandit.
LICENCES = _mots(
    "0BSD AFL-3.0 AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-2.0 Artistic-2.0 BSD-2-Clause"
    " BSD-3-Clause BSL-1.0 CC0-1.0 CC-BY-4.0 CC-BY-SA-4.0 CECILL-2.0 CECILL-2.1 CECILL-B CECILL-C"
    " ECL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 GPL-2.0 GPL-2.0-only GPL-2.0-or-later GPL-3.0"
    " GPL-3.0-only GPL-3.0-or-later ISC LGPL-2.1 LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0"
    " LGPL-3.0-only LGPL-3.0-or-later LiLiQ-P-1.1 LiLiQ-R-1.1 MIT MIT-0 MPL-2.0 OSL-3.0"
    " PostgreSQL Python-2.0 Unlicense Zlib etalab-2.0 ODbL-1.0"
)
