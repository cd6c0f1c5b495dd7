"""Les règles de la grammaire, dans l’ordre imposé par le schéma.

Une ligne par type : `Nom = suite`. Dans la suite : `Element:type` puis `?` (0 ou 1), `*` (0 à n),
`+` (1 à n), puis `@2.2` (depuis), `@-2.2` (jusqu’à), `!` (extension de Vitam). `(a | b)` est un
choix ; `%NOM` reprend une suite ; sans type, l’élément est du type qui porte son nom, ou un jeton
non vide. `TOUS` en tête : les éléments sont dans n’importe quel ordre. `OUVERT` : des éléments
d’un autre espace de noms ; `LIBRE!` : ce que Vitam laisse passer.
"""

SUITES = {
    "TETE": "Comment:texte* Date:instant MessageIdentifier:ident Signature:Ouvert?",
    "CORPS": "%TETE ArchivalAgreement:ident? CodeListVersions DataObjectPackage?",
    "REPONSE": "%CORPS ReplyCode? Operation? MessageRequestIdentifier:ident",
    "HERITAGE": "(PreventInheritance:bool? | RefNonRuleId:regle+)",
    "REGLES": "(Rule:regle StartDate:jour?)* %HERITAGE",
    "GESTION": "StorageRule? AppraisalRule? AccessRule? DisseminationRule? ReuseRule?"
    " ClassificationRule? LogBook? NeedAuthorization:bool? HoldRule?@2.2 UpdateOperation?! LIBRE!",
    "IDENTITE": "((FirstName:chaine? BirthName:chaine? FullName:chaine? GivenName:chaine? Gender?"
    " BirthDate:date? BirthPlace:Lieu? DeathDate:date? DeathPlace:Lieu? Nationality*)"
    " | Corpname:chaine) Identifier*",
    "METIER": "Function:texte* Activity:texte* Position:texte* Role:texte* Mandate:texte*",
    "OBJET": "DataObjectProfile:ident?@2.2 DataObjectSystemId? DataObjectGroupSystemId?"
    " Relationship:lien* (DataObjectGroupReferenceId:renvoi | DataObjectGroupId:nom)?"
    " DataObjectVersion? PersistentIdentifier*@2.3 DataObjectUse?@2.3 DataObjectNumber:entier?@2.3",
    "EVENEMENT": "EventIdentifier? EventTypeCode? EventType? EventDateTime:moment"
    " EventDetail:texte? Outcome? OutcomeDetail? OutcomeDetailMessage? EventDetailData?"
    " LinkingAgentIdentifier*@2.2 LIBRE!",
}

TYPES = """
ArchiveTransfer = %CORPS RelatedTransferReference:ident* TransferRequestReplyIdentifier:ident? ArchivalAgency:Organisme TransferringAgency:Organisme
Acknowledgement = %TETE MessageReceivedIdentifier:ident Sender:Organisme Receiver:Organisme
ArchiveTransferRequest = %CORPS RelatedTransferReference:ident* TransferDate:instant? ArchivalAgency:Organisme TransferringAgency:Organisme
ArchiveTransferRequestReply = %REPONSE TransferDate:instant? ArchivalAgency:Organisme TransferringAgency:Organisme
ArchiveTransferReply = %REPONSE GrantDate:instant? ArchivalAgency:Organisme TransferringAgency:Organisme
ArchiveDeliveryRequest = %CORPS Derogation:bool UnitIdentifier:ident+ ArchivalAgency:Organisme Requester:Organisme
ArchiveDeliveryRequestReply = %REPONSE AuthorizationRequestReplyIdentifier:ident? UnitIdentifier:ident+ ArchivalAgency:Organisme Requester:Organisme
ArchiveRestitutionRequest = %CORPS UnitIdentifier:ident+ ArchivalAgency:Organisme OriginatingAgency:Organisme
ArchiveRestitutionRequestReply = %REPONSE UnitIdentifier:ident+ ArchivalAgency:Organisme OriginatingAgency:Organisme
ArchiveDestructionNotification = %CORPS AuthorizationRequestReplyIdentifier:ident UnitIdentifier:ident+ ArchivalAgency:Organisme OriginatingAgency:Organisme
ArchiveModificationNotification = %CORPS UnitIdentifier:ident+ ArchivalAgency:Organisme OriginatingAgency:Organisme
AuthorizationOriginatingAgencyRequest = %CORPS AuthorizationRequestContent ArchivalAgency:Organisme OriginatingAgency:Organisme
AuthorizationOriginatingAgencyRequestReply = %REPONSE ArchivalAgency:Organisme OriginatingAgency:Organisme
AuthorizationControlAuthorityRequest = %CORPS AuthorizationRequestContent ArchivalAgency:Organisme ControlAuthority:Organisme
AuthorizationControlAuthorityRequestReply = %REPONSE ArchivalAgency:Organisme ControlAuthority:Organisme
AuthorizationRequestContent = AuthorizationReason:jetonvide Comment:texte* RequestDate:date UnitIdentifier:ident+ Requester:Organisme AuthorizationRequestReply*
AuthorizationRequestReply = %REPONSE
Operation = Event*
Organisme = Identifier:ident OrganizationDescriptiveMetadata:Ouvert?
Ouvert = OUVERT LIBRE!
CodeListVersions = ReplyCodeListVersion:code? MessageDigestAlgorithmCodeListVersion:code? MimeTypeCodeListVersion:code? EncodingCodeListVersion:code? FileFormatCodeListVersion:code? CompressionAlgorithmCodeListVersion:code? DataObjectVersionCodeListVersion:code? StorageRuleCodeListVersion:code? AppraisalRuleCodeListVersion:code? AccessRuleCodeListVersion:code? DisseminationRuleCodeListVersion:code? ReuseRuleCodeListVersion:code? ClassificationRuleCodeListVersion:code? HoldRuleCodeListVersion:code?@2.2 AcquisitionInformationCodeListVersion:code? AuthorizationReasonCodeListVersion:code? RelationshipCodeListVersion:code?
DataObjectPackage = (DataObjectGroup | BinaryDataObject | PhysicalDataObject)* DescriptiveMetadata ManagementMetadata
DataObjectGroup = (BinaryDataObject | PhysicalDataObject)* LogBook:JournalObjet?
JournalObjet = Event:EvenementObjet*
EvenementObjet = %EVENEMENT DataObjectReferenceId:renvoi?
BinaryDataObject = %OBJET ((Attachment:base64 | Uri:uri)? MessageDigest:empreinte)? Size:taille? Compressed:compression? FormatIdentification? FileInfo? Metadata? OtherMetadata:Ouvert? LIBRE!
PhysicalDataObject = %OBJET PhysicalId:ident? PhysicalDimensions? LIBRE!
FormatIdentification = FormatLitteral:chaine? MimeType? FormatId? Encoding?
FileInfo = Filename:chaine CreatingApplicationName:chaine? CreatingApplicationVersion:chaine? DateCreatedByApplication:instant? CreatingOs:chaine? CreatingOsVersion:chaine? LastModified:instant?
Metadata = (Text:Ouvert | Document:Ouvert | Image:Ouvert | Audio:Ouvert | Video:Ouvert | LIBRE!)
PhysicalDimensions = Width:mesure? Height:mesure? Depth:mesure? Shape:chaine? Diameter:mesure? Length:mesure? Thickness:mesure? Weight:mesure? NumberOfPage:entier? LIBRE!
PersistentIdentifier = PersistentIdentifierType PersistentIdentifierOrigin? PersistentIdentifierReference? PersistentIdentifierContent
DescriptiveMetadata = ArchiveUnit*
ArchiveUnit = (ArchiveUnitRefId:renvoi | (ArchiveUnitProfile:ident? Management? Content (ArchiveUnit | DataObjectReference | DataObjectGroup:RattachementObjet!)*))
RattachementObjet = DataObjectGroupExistingReferenceId
DataObjectReference = (DataObjectReferenceId:renvoi | DataObjectGroupReferenceId:renvoi)
Management = %GESTION
ManagementMetadata = ArchivalProfile:ident? ServiceLevel:ident? AcquisitionInformation? LegalStatus:statut? OriginatingAgencyIdentifier:ident? SubmissionAgencyIdentifier:ident? %GESTION
StorageRule = %REGLES FinalAction:actionstockage
AppraisalRule = %REGLES FinalAction:actionsort
AccessRule = %REGLES
DisseminationRule = %REGLES
ReuseRule = %REGLES
ClassificationRule = (Rule:regle StartDate:jour?)* ClassificationAudience? %HERITAGE ClassificationLevel ClassificationOwner ClassificationReassessingDate:date? NeedReassessingAuthorization:bool?
HoldRule = (Rule:regle StartDate:jour? HoldEndDate:jour? HoldOwner? HoldReassessingDate:jour? HoldReason? PreventRearrangement:bool?)* %HERITAGE
UpdateOperation = (SystemId | ArchiveUnitIdentifierKey)
ArchiveUnitIdentifierKey = MetadataName MetadataValue
LogBook = Event+
Event = %EVENEMENT
LinkingAgentIdentifier = LinkingAgentIdentifierType? LinkingAgentIdentifierValue? LinkingAgentRole?
Content = DescriptionLevel:niveau? Title:texte* FilePlanPosition* SystemId* OriginatingSystemId* ArchivalAgencyArchiveUnitIdentifier* OriginatingAgencyArchiveUnitIdentifier* TransferringAgencyArchiveUnitIdentifier* Description:texte* CustodialHistory? Type:texte? DocumentType:texte? Language:langue* DescriptionLanguage:langue? Status? Version:chaine? Tag* Keyword* Coverage? OriginatingAgency:Organisme? SubmissionAgency:Organisme? Agent:Agent*@2.2 AuthorizedAgent:Agent* Writer:Agent* Addressee:Agent* Recipient:Agent* Transmitter:Agent* Sender:Agent* Source:chaine? RelatedObjectReference? CreatedDate:moment? TransactedDate:moment? AcquiredDate:moment? SentDate:moment? ReceivedDate:moment? RegisteredDate:moment? StartDate:moment? EndDate:moment? DateLitteral?@2.2 Event* Signature*@-2.2 SigningInformation?@2.3 Gps? OriginatingSystemIdReplyTo?@2.2 TextContent*@2.2 PersistentIdentifier*@2.3 History:Ouvert*! LIBRE!
CustodialHistory = CustodialHistoryItem:etape+ CustodialHistoryFile:DataObjectReference?
Keyword = KeywordContent:texte KeywordReference:ident? KeywordType:motcle?
Coverage = Spatial:texte* Temporal:texte* Juridictional:texte*
Agent = %IDENTITE %METIER
Lieu = TOUS Geogname:chaine? Address:chaine? PostalCode:chaine? City:chaine? Region:chaine? Country:chaine?
RelatedObjectReference = IsVersionOf:Relation* Replaces:Relation* Requires:Relation* IsPartOf:Relation* References:Relation*
Relation = (ArchiveUnitRefId:renvoi | DataObjectReference | RepositoryArchiveUnitPID | RepositoryObjectPID | ExternalReference)
Signature = Signer+ Validator Masterdata:code? ReferencedObject
ReferencedObject = SignedObjectId:renvoi SignedObjectDigest:empreinte
Signer = %IDENTITE SigningTime:instant %METIER
Validator = %IDENTITE ValidationTime:instant %METIER
SigningInformation = SigningRole:rolesignature+ DetachedSigningRole:roledetache* SignedDocumentReferenceId:renvoi* SignatureDescription* TimestampingInformation* AdditionalProof* LIBRE!
SignatureDescription = Signer? Validator? SigningType?
TimestampingInformation = TimeStamp:instant? AdditionalTimestampingInformation?
AdditionalProof = AdditionalProofInformation*
Gps = GpsVersionID:chaine? GpsAltitude:integer? GpsAltitudeRef:chaine? GpsLatitude:chaine? GpsLatitudeRef:chaine? GpsLongitude:chaine? GpsLongitudeRef:chaine? GpsDateStamp:chaine?
"""  # noqa: E501  une ligne par type, comme dans le schéma

# Les racines : messages du standard. AuthorizationRequestReply n’en est pas une.
MESSAGES = tuple(
    ligne.partition(" = ")[0]
    for ligne in TYPES.strip().splitlines()
    if ligne.startswith(("Ack", "Archive", "Authorization"))
    and ("%CORPS" in ligne or "%TETE" in ligne or "%REPONSE" in ligne)
    and not ligne.startswith("AuthorizationRequestReply")
)
