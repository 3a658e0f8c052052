/**
 * The numbers of the enums that an entity of people, groups and devices uses, by message and field
 * (googleapis: `backstory/entity.proto`, `backstory/udm.proto`). Proto JSON takes a number for a name.
 */

export type EnumNumbers = { readonly [number: number]: string };

/** Numbers counted from 0. */
const counted = (names: string): EnumNumbers => ({ ...names.trim().split(/\s+/) });

const ENTITY_TYPE: EnumNumbers = {
  ...counted("UNKNOWN_ENTITYTYPE ASSET RESOURCE IP_ADDRESS FILE DOMAIN_NAME URL MUTEX METRIC CIDR_BLOCK"),
  10000: "USER",
  10001: "GROUP",
};

const PLATFORM = counted("UNKNOWN_PLATFORM WINDOWS MAC LINUX GCP AWS AZURE IOS ANDROID CHROME_OS");

export const ENUM_NUMBERS: { readonly [field: string]: EnumNumbers } = {
  "EntityMetadata.entity_type": ENTITY_TYPE,
  "EntityMetadata.source_type": counted(
    "SOURCE_TYPE_UNSPECIFIED ENTITY_CONTEXT DERIVED_CONTEXT GLOBAL_CONTEXT",
  ),
  "Relation.direction": counted("DIRECTIONALITY_UNSPECIFIED BIDIRECTIONAL UNIDIRECTIONAL"),
  "Relation.entity_label": counted(
    "ENTITY_LABEL_UNSPECIFIED PRINCIPAL TARGET OBSERVER SRC NETWORK SECURITY_RESULT INTERMEDIARY",
  ),
  "Relation.entity_type": ENTITY_TYPE,
  "Relation.relationship": counted(
    "RELATIONSHIP_UNSPECIFIED OWNS ADMINISTERS MEMBER EXECUTES DOWNLOADED_FROM CONTACTS",
  ),
  "Noun.platform": PLATFORM,
  "PlatformSoftware.platform": PLATFORM,
  "Asset.deployment_status": counted(
    "DEPLOYMENT_STATUS_UNSPECIFIED ACTIVE PENDING_DECOMISSION DECOMISSIONED",
  ),
  "Asset.type": counted(`
    ROLE_UNSPECIFIED WORKSTATION LAPTOP IOT NETWORK_ATTACHED_STORAGE PRINTER SCANNER SERVER TAPE_LIBRARY
    MOBILE
  `),
  "User.account_type": counted(`
    ACCOUNT_TYPE_UNSPECIFIED DOMAIN_ACCOUNT_TYPE LOCAL_ACCOUNT_TYPE CLOUD_ACCOUNT_TYPE SERVICE_ACCOUNT_TYPE
    DEFAULT_ACCOUNT_TYPE
  `),
  "User.user_authentication_status": counted(
    "UNKNOWN_AUTHENTICATION_STATUS ACTIVE SUSPENDED NO_ACTIVE_CREDENTIALS DELETED",
  ),
};
