/**
 * The UDM entity record as JSON Schema 2020-12: every message and enum that can be reached from
 * `google.backstory.Entity` (googleapis: `backstory/entity.proto`, `backstory/udm.proto`), in the protos' field
 * names and Google's spelling. It says what a record may hold and of what kind, not what it must hold; an
 * unknown field is refused. INT64 is a union, so that ajv's strict mode wants `allowUnionTypes`.
 */

/** A schema, in the keywords used here. */
export interface UdmSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly contentEncoding?: "base64";
  readonly items?: UdmSchema;
  readonly properties?: { readonly [field: string]: UdmSchema };
  readonly additionalProperties?: false;
  readonly deprecated?: true;
}

const STRING: UdmSchema = { type: "string" };
const BOOL: UdmSchema = { type: "boolean" };
const INT32: UdmSchema = { type: "integer" };
/** 64-bit integers travel as digits in a string; JSON numbers are read too. */
const INT64: UdmSchema = { type: ["string", "integer"], pattern: "^-?\\d+$" };
const NUMBER: UdmSchema = { type: "number" };
const BYTES: UdmSchema = { type: "string", contentEncoding: "base64" };
const STRUCT: UdmSchema = { type: "object" };

/** The days of every year, and 29 February of leap years. Proto JSON refuses years below 1. */
const DAY_OF_ANY_YEAR =
  "\\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)";
const LEAP_DAY = "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29";
const HOUR_AND_MINUTE = "(?:[01]\\d|2[0-3]):[0-5]\\d";
/** A time by RFC 3339 that a proto timestamp can hold. */
export const TIME_PATTERN = `^(?!0000)(?:${DAY_OF_ANY_YEAR}|${LEAP_DAY})T${HOUR_AND_MINUTE}:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-]${HOUR_AND_MINUTE})$`;
const TIMESTAMP: UdmSchema = { type: "string", pattern: TIME_PATTERN };
const DURATION: UdmSchema = { type: "string", pattern: "^-?\\d+(\\.\\d{1,9})?s$" };

const words = (text: string): string[] => text.trim().split(/\s+/);

const list = (items: UdmSchema): UdmSchema => ({ type: "array", items });
const ref = (name: string): UdmSchema => ({ $ref: `#/$defs/${name}` });
const deprecated = (schema: UdmSchema): UdmSchema => ({ ...schema, deprecated: true });
const oneOf = (values: string): UdmSchema => ({ enum: words(values) });

/** Fields of one kind, by their names. */
function fields(schema: UdmSchema, names: string): { [field: string]: UdmSchema } {
  return Object.fromEntries(words(names).map((name) => [name, schema]));
}

function message(properties: { readonly [field: string]: UdmSchema }): UdmSchema {
  return { type: "object", properties, additionalProperties: false };
}

// Enums that are long or stand in more than one place, in the protos' order

const ENTITY_TYPE = oneOf(`
  UNKNOWN_ENTITYTYPE ASSET USER GROUP RESOURCE IP_ADDRESS CIDR_BLOCK FILE DOMAIN_NAME URL MUTEX METRIC
`);
const RELATIONSHIP = oneOf(`
  RELATIONSHIP_UNSPECIFIED OWNS ADMINISTERS MEMBER EXECUTES DOWNLOADED_FROM CONTACTS
`);
const ENTITY_LABEL = oneOf(`
  ENTITY_LABEL_UNSPECIFIED PRINCIPAL TARGET OBSERVER SRC NETWORK SECURITY_RESULT INTERMEDIARY
`);
const PLATFORM = oneOf("UNKNOWN_PLATFORM WINDOWS MAC LINUX GCP AWS AZURE IOS ANDROID CHROME_OS");
const ASSET_TYPE = oneOf(`
  ROLE_UNSPECIFIED WORKSTATION LAPTOP IOT NETWORK_ATTACHED_STORAGE PRINTER SCANNER SERVER TAPE_LIBRARY
  MOBILE
`);
const ACCOUNT_TYPE = oneOf(`
  ACCOUNT_TYPE_UNSPECIFIED DOMAIN_ACCOUNT_TYPE LOCAL_ACCOUNT_TYPE CLOUD_ACCOUNT_TYPE SERVICE_ACCOUNT_TYPE
  DEFAULT_ACCOUNT_TYPE
`);
const USER_AUTHENTICATION_STATUS = oneOf(
  "UNKNOWN_AUTHENTICATION_STATUS ACTIVE SUSPENDED NO_ACTIVE_CREDENTIALS DELETED",
);
const CLOUD_ENVIRONMENT = oneOf(`
  UNSPECIFIED_CLOUD_ENVIRONMENT GOOGLE_CLOUD_PLATFORM AMAZON_WEB_SERVICES MICROSOFT_AZURE
`);
const RESOURCE_TYPE = oneOf(`
  UNSPECIFIED MUTEX TASK PIPE DEVICE FIREWALL_RULE MAILBOX_FOLDER VPC_NETWORK VIRTUAL_MACHINE
  STORAGE_BUCKET STORAGE_OBJECT DATABASE TABLE CLOUD_PROJECT CLOUD_ORGANIZATION SERVICE_ACCOUNT
  ACCESS_POLICY CLUSTER SETTING DATASET BACKEND_SERVICE POD CONTAINER FUNCTION RUNTIME IP_ADDRESS DISK
  VOLUME IMAGE SNAPSHOT REPOSITORY CREDENTIAL LOAD_BALANCER GATEWAY SUBNET USER SERVICE
`);
const SERVICE_TYPE = oneOf(`
  SERVICE_TYPE_UNSPECIFIED KERNEL_DRIVER FILE_SYSTEM_DRIVER WIN32_OWN_PROCESS WIN32_SHARE_PROCESS ADAPTER
  RECOGNIZER_DRIVER INTERACTIVE_PROCESS
`);
const SERVICE_STATE = oneOf(`
  STATE_UNSPECIFIED RUNNING STOPPED PAUSED COMPLETED START_PENDING STOP_PENDING PAUSE_PENDING
  CONTINUE_PENDING
`);
const LOGON_TYPE = oneOf(`
  TASK_LOGON_TYPE_UNSPECIFIED PASSWORD S4U INTERACTIVE_TOKEN GROUP SERVICE_ACCOUNT
  INTERACTIVE_TOKEN_OR_PASSWORD
`);
const TRIGGER_TYPE = oneOf(`
  TRIGGER_TYPE_UNSPECIFIED EVENT TIME DAILY WEEKLY MONTHLY MONTHLYDOW IDLE REGISTRATION BOOT LOGON
  SESSION_STATE_CHANGE CUSTOM_TRIGGER01
`);
const PROCESS_STATE = oneOf(`
  STATE_UNSPECIFIED RUNNING SLEEPING DISK_SLEEP STOPPED TRACING_STOP ZOMBIE DEAD WAKE_KILL WAKING PARKED
  IDLE LOCKED WAITING SUSPENDED
`);
const REGISTRY_VALUE_TYPE = oneOf(`
  TYPE_UNSPECIFIED NONE SZ EXPAND_SZ BINARY DWORD DWORD_LITTLE_ENDIAN DWORD_BIG_ENDIAN LINK MULTI_SZ
  RESOURCE_LIST QWORD QWORD_LITTLE_ENDIAN
`);
const FILE_TYPE = oneOf(`
  FILE_TYPE_UNSPECIFIED FILE_TYPE_PE_EXE FILE_TYPE_PE_DLL FILE_TYPE_MSI FILE_TYPE_NE_EXE FILE_TYPE_NE_DLL
  FILE_TYPE_DOS_EXE FILE_TYPE_DOS_COM FILE_TYPE_COFF FILE_TYPE_ELF FILE_TYPE_LINUX_KERNEL FILE_TYPE_RPM
  FILE_TYPE_LINUX FILE_TYPE_MACH_O FILE_TYPE_JAVA_BYTECODE FILE_TYPE_DMG FILE_TYPE_DEB FILE_TYPE_PKG
  FILE_TYPE_PYC FILE_TYPE_LNK FILE_TYPE_DESKTOP_ENTRY FILE_TYPE_JPEG FILE_TYPE_TIFF FILE_TYPE_GIF
  FILE_TYPE_PNG FILE_TYPE_BMP FILE_TYPE_GIMP FILE_TYPE_IN_DESIGN FILE_TYPE_PSD FILE_TYPE_TARGA
  FILE_TYPE_XWD FILE_TYPE_DIB FILE_TYPE_JNG FILE_TYPE_ICO FILE_TYPE_FPX FILE_TYPE_EPS FILE_TYPE_SVG
  FILE_TYPE_EMF FILE_TYPE_WEBP FILE_TYPE_DWG FILE_TYPE_DXF FILE_TYPE_THREEDS FILE_TYPE_OGG FILE_TYPE_FLC
  FILE_TYPE_FLI FILE_TYPE_MP3 FILE_TYPE_FLAC FILE_TYPE_WAV FILE_TYPE_MIDI FILE_TYPE_AVI FILE_TYPE_MPEG
  FILE_TYPE_QUICKTIME FILE_TYPE_ASF FILE_TYPE_DIVX FILE_TYPE_FLV FILE_TYPE_WMA FILE_TYPE_WMV FILE_TYPE_RM
  FILE_TYPE_MOV FILE_TYPE_MP4 FILE_TYPE_T3GP FILE_TYPE_WEBM FILE_TYPE_MKV FILE_TYPE_PDF FILE_TYPE_PS
  FILE_TYPE_DOC FILE_TYPE_DOCX FILE_TYPE_PPT FILE_TYPE_PPTX FILE_TYPE_XLS FILE_TYPE_XLSX FILE_TYPE_RTF
  FILE_TYPE_PPSX FILE_TYPE_ODP FILE_TYPE_ODS FILE_TYPE_ODT FILE_TYPE_HWP FILE_TYPE_GUL FILE_TYPE_ODF
  FILE_TYPE_ODG FILE_TYPE_ONE_NOTE FILE_TYPE_OOXML FILE_TYPE_SLK FILE_TYPE_EBOOK FILE_TYPE_LATEX
  FILE_TYPE_TTF FILE_TYPE_EOT FILE_TYPE_WOFF FILE_TYPE_CHM FILE_TYPE_ZIP FILE_TYPE_GZIP FILE_TYPE_BZIP
  FILE_TYPE_RZIP FILE_TYPE_DZIP FILE_TYPE_SEVENZIP FILE_TYPE_CAB FILE_TYPE_JAR FILE_TYPE_RAR
  FILE_TYPE_MSCOMPRESS FILE_TYPE_ACE FILE_TYPE_ARC FILE_TYPE_ARJ FILE_TYPE_ASD FILE_TYPE_BLACKHOLE
  FILE_TYPE_KGB FILE_TYPE_ZLIB FILE_TYPE_TAR FILE_TYPE_ZST FILE_TYPE_LZFSE FILE_TYPE_PYTHON_WHL
  FILE_TYPE_PYTHON_PKG FILE_TYPE_MSIX FILE_TYPE_TEXT FILE_TYPE_SCRIPT FILE_TYPE_PHP FILE_TYPE_PYTHON
  FILE_TYPE_PERL FILE_TYPE_RUBY FILE_TYPE_C FILE_TYPE_CPP FILE_TYPE_JAVA FILE_TYPE_SHELLSCRIPT
  FILE_TYPE_PASCAL FILE_TYPE_AWK FILE_TYPE_DYALOG FILE_TYPE_FORTRAN FILE_TYPE_JAVASCRIPT
  FILE_TYPE_POWERSHELL FILE_TYPE_VBA FILE_TYPE_M4 FILE_TYPE_OBJETIVEC FILE_TYPE_JMOD FILE_TYPE_MAKEFILE
  FILE_TYPE_INI FILE_TYPE_CLJ FILE_TYPE_PDB FILE_TYPE_SQL FILE_TYPE_NEKO FILE_TYPE_WER FILE_TYPE_GOLANG
  FILE_TYPE_M3U FILE_TYPE_BAT FILE_TYPE_MSC FILE_TYPE_RDP FILE_TYPE_SYMBIAN FILE_TYPE_PALMOS
  FILE_TYPE_WINCE FILE_TYPE_ANDROID FILE_TYPE_IPHONE FILE_TYPE_HTML FILE_TYPE_XML FILE_TYPE_SWF
  FILE_TYPE_FLA FILE_TYPE_COOKIE FILE_TYPE_TORRENT FILE_TYPE_EMAIL_TYPE FILE_TYPE_OUTLOOK FILE_TYPE_SGML
  FILE_TYPE_JSON FILE_TYPE_CSV FILE_TYPE_HTA FILE_TYPE_INTERNET_SHORTCUT FILE_TYPE_CAP FILE_TYPE_ISOIMAGE
  FILE_TYPE_SQUASHFS FILE_TYPE_VHD FILE_TYPE_APPLE FILE_TYPE_MACINTOSH FILE_TYPE_APPLESINGLE
  FILE_TYPE_APPLEDOUBLE FILE_TYPE_MACINTOSH_HFS FILE_TYPE_APPLE_PLIST FILE_TYPE_MACINTOSH_LIB
  FILE_TYPE_APPLESCRIPT FILE_TYPE_APPLESCRIPT_COMPILED FILE_TYPE_CRX FILE_TYPE_XPI FILE_TYPE_ROM
  FILE_TYPE_IPS FILE_TYPE_PEM FILE_TYPE_PGP FILE_TYPE_CRT
`);
const FILE_ATTRIBUTE = oneOf(`
  ATTRIBUTE_UNSPECIFIED READ_ONLY HIDDEN SYSTEM ARCHIVE COMPRESSED ENCRYPTED DIRECTORY DEVICE NORMAL
  TEMPORARY SPARSE_FILE REPARSE_POINT OFFLINE NOT_CONTENT_INDEXED NON_CONTENT_INDEXED INTEGRITY_STREAM
  VIRTUAL NO_SCRUB_DATA EA PINNED UNPINNED RECALL_ON_OPEN RECALL_ON_DATA_ACCESS
`);
const USN_REASON = oneOf(`
  REASON_UNSPECIFIED DATA_OVERWRITE DATA_EXTEND DATA_TRUNCATION NAMED_DATA_OVERWRITE NAMED_DATA_EXTEND
  NAMED_DATA_TRUNCATION FILE_CREATE FILE_DELETE EA_CHANGE SECURITY_CHANGE RENAME_OLD_NAME RENAME_NEW_NAME
  INDEXABLE_CHANGE BASIC_INFO_CHANGE HARD_LINK_CHANGE COMPRESSION_CHANGE ENCRYPTION_CHANGE
  OBJECT_ID_CHANGE REPARSE_POINT_CHANGE STREAM_CHANGE TRANSACTED_CHANGE CLOSE
`);
const IP_PROTOCOL = oneOf(`
  UNKNOWN_IP_PROTOCOL ICMP IGMP TCP UDP IP6IN4 GRE ESP ICMP6 EIGRP ETHERIP PIM VRRP SCTP
`);
const APPLICATION_PROTOCOL = oneOf(`
  UNKNOWN_APPLICATION_PROTOCOL AFP APPC AMQP ATOM BEEP BITCOIN BIT_TORRENT CFDP CIP COAP COTP DCERPC DDS
  DEVICE_NET DHCP DICOM DNP3 DNS E_DONKEY ENRP FAST_TRACK FINGER FREENET FTAM GOOSE GOPHER GRPC HL7 H323
  HTTP HTTPS IEC104 IRCP KADEMLIA KRB5 LDAP LPD MIME MMS MODBUS MQTT NETCONF NFS NIS NNTP NTCIP NTP OSCAR
  PNRP PTP QUIC RDP RELP RIP RLOGIN RPC RTMP RTP RTPS RTSP SAP SDP SIP SLP SMB SMTP SNMP SNTP SSH SSMS
  STYX SV TCAP TDS TOR TSP VTP WHOIS WEB_DAV X400 X500 XMPP FTP
`);
const CONNECTION_STATE = oneOf(`
  CONNECTION_STATE_UNSPECIFIED LISTENING ESTABLISHED TIME_WAIT CLOSE_WAIT CLOSED SYN_SENT SYN_RECEIVED
  FIN_WAIT1 FIN_WAIT2 LAST_ACK
`);
const DHCP_TYPE = oneOf(`
  UNKNOWN_MESSAGE_TYPE DISCOVER OFFER REQUEST DECLINE ACK NAK RELEASE INFORM WIN_DELETED WIN_EXPIRED
`);
const BROWSER_TYPE = oneOf("BROWSER_TYPE_UNSPECIFIED CHROME FIREFOX SAFARI INTERNET_EXPLORER EDGE OPERA");
const VISIT_TYPE = oneOf(`
  URL_VISIT_TYPE_UNSPECIFIED LINK TYPED AUTO_BOOKMARK AUTO_SUBFRAME MANUAL_SUBFRAME GENERATED
  AUTO_TOPLEVEL FORM_SUBMIT RELOAD KEYWORD KEYWORD_GENERATED REDIRECT
`);
const SECURITY_RESULT_CATEGORY = oneOf(`
  UNKNOWN_CATEGORY SOFTWARE_MALICIOUS SOFTWARE_SUSPICIOUS SOFTWARE_PUA NETWORK_MALICIOUS
  NETWORK_SUSPICIOUS NETWORK_CATEGORIZED_CONTENT NETWORK_DENIAL_OF_SERVICE NETWORK_RECON
  NETWORK_COMMAND_AND_CONTROL ACL_VIOLATION AUTH_VIOLATION EXPLOIT DATA_EXFILTRATION DATA_AT_REST
  DATA_DESTRUCTION TOR_EXIT_NODE MAIL_SPAM MAIL_PHISHING MAIL_SPOOFING POLICY_VIOLATION SOCIAL_ENGINEERING
  PHISHING
`);
const SECURITY_RESULT_ACTION = oneOf(
  "UNKNOWN_ACTION ALLOW BLOCK ALLOW_WITH_MODIFICATION QUARANTINE FAIL CHALLENGE",
);
const CONFIDENCE = oneOf("UNKNOWN_CONFIDENCE LOW_CONFIDENCE MEDIUM_CONFIDENCE HIGH_CONFIDENCE");
const LOG_SOURCE = oneOf(`
  NORMALIZED_TELEMETRY RAW_TELEMETRY RULE_DETECTIONS UPPERCASE MACHINE_INTELLIGENCE
  SECURITY_COMMAND_CENTER UNSPECIFIED SOAR_ALERT VIRUS_TOTAL
`);
const VERDICT_RESPONSE = oneOf("VERDICT_RESPONSE_UNSPECIFIED MALICIOUS BENIGN");
const IOC_STATS_TYPE = oneOf(`
  UNSPECIFIED_IOC_STATS_TYPE MANDIANT_SOURCES THIRD_PARTY_SOURCES THREAT_INTELLIGENCE_IOC_STATS
`);
const INVESTIGATION_PRIORITY = oneOf(`
  PRIORITY_UNSPECIFIED PRIORITY_INFO PRIORITY_LOW PRIORITY_MEDIUM PRIORITY_HIGH PRIORITY_CRITICAL
`);
const INVESTIGATION_REASON = oneOf(
  "REASON_UNSPECIFIED REASON_NOT_MALICIOUS REASON_MALICIOUS REASON_MAINTENANCE",
);
const METRIC_NAME = oneOf(`
  METRIC_NAME_UNSPECIFIED NETWORK_BYTES_INBOUND NETWORK_BYTES_OUTBOUND NETWORK_BYTES_TOTAL
  AUTH_ATTEMPTS_SUCCESS AUTH_ATTEMPTS_FAIL AUTH_ATTEMPTS_TOTAL DNS_BYTES_OUTBOUND NETWORK_FLOWS_INBOUND
  NETWORK_FLOWS_OUTBOUND NETWORK_FLOWS_TOTAL DNS_QUERIES_SUCCESS DNS_QUERIES_FAIL DNS_QUERIES_TOTAL
  FILE_EXECUTIONS_SUCCESS FILE_EXECUTIONS_FAIL FILE_EXECUTIONS_TOTAL HTTP_QUERIES_SUCCESS
  HTTP_QUERIES_FAIL HTTP_QUERIES_TOTAL WORKSPACE_EMAILS_SENT_TOTAL WORKSPACE_TOTAL_DOWNLOAD_ACTIONS
  WORKSPACE_TOTAL_CHANGE_ACTIONS WORKSPACE_AUTH_ATTEMPTS_TOTAL WORKSPACE_NETWORK_BYTES_OUTBOUND
  WORKSPACE_NETWORK_BYTES_TOTAL ALERT_EVENT_NAME_COUNT RESOURCE_CREATION_TOTAL RESOURCE_CREATION_SUCCESS
  RESOURCE_READ_SUCCESS RESOURCE_READ_FAIL RESOURCE_DELETION_SUCCESS RESOURCE_CREATION_FAIL
  RESOURCE_DELETION_FAIL RESOURCE_DELETION_TOTAL RESOURCE_READ_TOTAL RESOURCE_WRITTEN_FAIL
  RESOURCE_WRITTEN_SUCCESS RESOURCE_WRITTEN_TOTAL UDM_DATA_PRESENCE_SUMMARY
`);
const METRIC_DIMENSION = oneOf(`
  DIMENSION_UNSPECIFIED PRINCIPAL_DEVICE TARGET_USER TARGET_DEVICE PRINCIPAL_USER TARGET_IP
  PRINCIPAL_FILE_HASH PRINCIPAL_COUNTRY SECURITY_CATEGORY NETWORK_ASN CLIENT_CERTIFICATE_HASH
  DNS_QUERY_TYPE DNS_DOMAIN HTTP_USER_AGENT EVENT_TYPE PRODUCT_NAME PRODUCT_EVENT_TYPE PARENT_FOLDER_PATH
  TARGET_RESOURCE_NAME PRINCIPAL_APPLICATION TARGET_APPLICATION EMAIL_TO_ADDRESS EMAIL_FROM_ADDRESS
  MAIL_ID PRINCIPAL_IP SECURITY_ACTION SECURITY_RULE_ID TARGET_NETWORK_ORGANIZATION_NAME
  PRINCIPAL_NETWORK_ORGANIZATION_NAME PRINCIPAL_PROCESS_FILE_PATH PRINCIPAL_PROCESS_FILE_HASH
  SECURITY_RESULT_RULE_NAME TARGET_RESOURCE_LABEL_KEY VENDOR_NAME TARGET_RESOURCE_TYPE
  TARGET_LOCATION_NAME LOG_TYPE TARGET_HOSTNAME
`);
const EVENT_TIMESTAMP_ATTRIBUTE = oneOf(`
  EVENT_TIMESTAMP_ATTRIBUTE_UNSPECIFIED FILE_LAST_ACCESS_TIME FILE_LAST_MODIFIED_TIME
  FILE_METADATA_LAST_CHANGE_TIME FILE_CREATION_TIME COLLECTED_TIME COLLECTED ACCESSED CHANGED CREATED
  FILE_NAME_ACCESSED FILE_NAME_CHANGED FILE_NAME_CREATED FILE_NAME_LAST_ACCESSED FILE_NAME_LAST_MODIFIED
  FILE_NAME_METADATA_LAST_CHANGED FILE_NAME_MODIFIED LAST_ACCESSED LAST_MODIFIED METADATA_LAST_CHANGED
  MODIFIED ADDED BACKED_UP LAST_CONNECTED DELETED ENDED EXITED EXPIRED FIRST_ACCESSED APPEARED INSTALLED
  LAST_ACTIVE LAST_LOGGED_IN LAST_LOGIN_ATTEMPT LAST_PASSWORD_SET LAST_PRINTED LAST_RESUMED LAST_EXECUTED
  LAST_SEEN LAST_SHUTDOWN LAST_UPDATED LAST_USED LAST_VISITED LINKED METADATA_MODIFIED CONTENT_MODIFIED
  PURCHASED RECORDED REQUEST_RECEIVED RESPONSE_SENT SCHEDULED_TO_END SCHEDULED_TO_START SENT STARTED
  UPDATED VALIDATED MOST_RECENT_RUN NEXT_RUN VISITED TARGET_CREATED VOLUME_CREATED POST_CHECKED
  SYNCHRONIZED ITEM_CREATED ITEM_MODIFIED DOCUMENT_LAST_SAVED LAST_REGISTERED LAUNCHED FIRST_VISITED
  FIRST_SEEN DOWNLOADED
`);
const EVENT_TYPE = oneOf(`
  EVENTTYPE_UNSPECIFIED PROCESS_UNCATEGORIZED PROCESS_LAUNCH PROCESS_INJECTION
  PROCESS_PRIVILEGE_ESCALATION PROCESS_TERMINATION PROCESS_OPEN PROCESS_MODULE_LOAD REGISTRY_UNCATEGORIZED
  REGISTRY_CREATION REGISTRY_MODIFICATION REGISTRY_DELETION SETTING_UNCATEGORIZED SETTING_CREATION
  SETTING_MODIFICATION SETTING_DELETION MUTEX_UNCATEGORIZED MUTEX_CREATION FILE_UNCATEGORIZED
  FILE_CREATION FILE_DELETION FILE_MODIFICATION FILE_READ FILE_COPY FILE_OPEN FILE_MOVE FILE_SYNC
  USER_UNCATEGORIZED USER_LOGIN USER_LOGOUT USER_CREATION USER_CHANGE_PASSWORD USER_CHANGE_PERMISSIONS
  USER_STATS USER_BADGE_IN USER_DELETION USER_RESOURCE_CREATION USER_RESOURCE_UPDATE_CONTENT
  USER_RESOURCE_UPDATE_PERMISSIONS USER_COMMUNICATION USER_RESOURCE_ACCESS USER_RESOURCE_DELETION
  GROUP_UNCATEGORIZED GROUP_CREATION GROUP_DELETION GROUP_MODIFICATION EMAIL_UNCATEGORIZED
  EMAIL_TRANSACTION EMAIL_URL_CLICK NETWORK_UNCATEGORIZED NETWORK_FLOW NETWORK_CONNECTION NETWORK_FTP
  NETWORK_DHCP NETWORK_DNS NETWORK_HTTP NETWORK_SMTP STATUS_UNCATEGORIZED STATUS_HEARTBEAT STATUS_STARTUP
  STATUS_SHUTDOWN STATUS_UPDATE SCAN_UNCATEGORIZED SCAN_FILE SCAN_PROCESS_BEHAVIORS SCAN_PROCESS SCAN_HOST
  SCAN_VULN_HOST SCAN_VULN_NETWORK SCAN_NETWORK SCHEDULED_TASK_UNCATEGORIZED SCHEDULED_TASK_CREATION
  SCHEDULED_TASK_DELETION SCHEDULED_TASK_ENABLE SCHEDULED_TASK_DISABLE SCHEDULED_TASK_MODIFICATION
  SYSTEM_AUDIT_LOG_UNCATEGORIZED SYSTEM_AUDIT_LOG_WIPE SERVICE_UNSPECIFIED SERVICE_CREATION
  SERVICE_DELETION SERVICE_START SERVICE_STOP SERVICE_MODIFICATION GENERIC_EVENT RESOURCE_CREATION
  RESOURCE_DELETION RESOURCE_PERMISSIONS_CHANGE RESOURCE_READ RESOURCE_WRITTEN DEVICE_FIRMWARE_UPDATE
  DEVICE_CONFIG_UPDATE DEVICE_PROGRAM_UPLOAD DEVICE_PROGRAM_DOWNLOAD ANALYST_UPDATE_VERDICT
  ANALYST_UPDATE_REPUTATION ANALYST_UPDATE_SEVERITY_SCORE ANALYST_UPDATE_STATUS ANALYST_ADD_COMMENT
  ANALYST_UPDATE_PRIORITY ANALYST_UPDATE_ROOT_CAUSE ANALYST_UPDATE_REASON ANALYST_UPDATE_RISK_SCORE
  ENTITY_RISK_CHANGE TRIAGE_AGENT_UPDATE_INVESTIGATION
`);

// The entity record

const RECORD = {
  Entity: message({
    additional: STRUCT,
    entity: ref("Noun"),
    metadata: ref("EntityMetadata"),
    metric: ref("Metric"),
    relations: list(ref("Relation")),
    risk_score: ref("EntityRisk"),
  }),
  EntityMetadata: message({
    ...fields(STRING, "description feed product_entity_id product_name product_version vendor_name"),
    ...fields(TIMESTAMP, "collected_timestamp creation_timestamp"),
    ati_prioritization: ref("AtiPrioritization"),
    entity_type: ENTITY_TYPE,
    event_metadata: ref("Metadata"),
    extracted: STRUCT,
    interval: ref("Interval"),
    source_labels: list(ref("Label")),
    source_type: oneOf("SOURCE_TYPE_UNSPECIFIED ENTITY_CONTEXT DERIVED_CONTEXT GLOBAL_CONTEXT"),
    structured_fields: deprecated(STRUCT),
    threat: list(ref("SecurityResult")),
  }),
  Relation: message({
    direction: oneOf("DIRECTIONALITY_UNSPECIFIED BIDIRECTIONAL UNIDIRECTIONAL"),
    entity: ref("Noun"),
    entity_label: ENTITY_LABEL,
    entity_type: ENTITY_TYPE,
    relationship: RELATIONSHIP,
    uid: BYTES,
  }),
  Noun: message({
    ...fields(
      STRING,
      `administrative_domain application asset_id email hostname namespace platform_patch_level
       platform_version url`,
    ),
    ...fields(list(STRING), "ip mac nat_ip"),
    ...fields(INT32, "nat_port port"),
    artifact: ref("Artifact"),
    asset: ref("Asset"),
    browser: ref("Browser"),
    cloud: deprecated(ref("Cloud")),
    domain: ref("Domain"),
    file: ref("File"),
    group: ref("Group"),
    investigation: ref("Investigation"),
    ip_geo_artifact: list(ref("Artifact")),
    ip_location: deprecated(list(ref("Location"))),
    labels: deprecated(list(ref("Label"))),
    location: ref("Location"),
    network: ref("Network"),
    object_reference: ref("Id"),
    platform: PLATFORM,
    process: ref("Process"),
    process_ancestors: list(ref("Process")),
    registry: ref("Registry"),
    resource: ref("Resource"),
    resource_ancestors: list(ref("Resource")),
    security_result: list(ref("SecurityResult")),
    url_metadata: ref("Url"),
    user: ref("User"),
    user_management_chain: list(ref("User")),
  }),
};

// Assets

const ASSETS = {
  Asset: message({
    ...fields(STRING, "asset_id category hostname network_domain product_object_id"),
    ...fields(list(STRING), "ip mac nat_ip"),
    ...fields(
      TIMESTAMP,
      `first_discover_time first_seen_time last_boot_time last_discover_time system_last_update_time`,
    ),
    attribute: ref("Attribute"),
    creation_time: deprecated(TIMESTAMP),
    deployment_status: oneOf("DEPLOYMENT_STATUS_UNSPECIFIED ACTIVE PENDING_DECOMISSION DECOMISSIONED"),
    hardware: list(ref("Hardware")),
    labels: deprecated(list(ref("Label"))),
    location: ref("Location"),
    platform_software: ref("PlatformSoftware"),
    software: list(ref("Software")),
    type: ASSET_TYPE,
    vulnerabilities: list(ref("Vulnerability")),
    wmi_persistence_item: ref("WmiPersistenceItem"),
  }),
  Hardware: message({
    ...fields(STRING, "cpu_model cpu_platform manufacturer model serial_number"),
    ...fields(INT64, "cpu_clock_speed cpu_max_clock_speed cpu_number_cores ram"),
  }),
  PlatformSoftware: message({
    ...fields(STRING, "platform_patch_level platform_version"),
    platform: PLATFORM,
  }),
  Software: message({
    ...fields(STRING, "description name vendor_name version"),
    permissions: list(ref("Permission")),
  }),
  Vulnerability: message({
    ...fields(
      STRING,
      `cve_description cve_id cvss_vector cvss_version description name severity_details vendor
       vendor_knowledge_base_article_id vendor_vulnerability_id`,
    ),
    ...fields(TIMESTAMP, "first_found last_found scan_end_time scan_start_time"),
    about: ref("Noun"),
    cvss_base_score: NUMBER,
    severity: oneOf("UNKNOWN_SEVERITY LOW MEDIUM HIGH CRITICAL"),
  }),
  WmiPersistenceItem: message({
    ...fields(STRING, "caption derivation dynasty name rel_path setting_id wmi_class wmi_super_class"),
    ...fields(INT64, "genus property_count"),
  }),
};

// People and what they may do

const PEOPLE = {
  User: message({
    ...fields(
      STRING,
      `company_name employee_id first_name last_name middle_name product_object_id title user_display_name
       userid windows_sid`,
    ),
    ...fields(list(STRING), "department email_addresses group_identifiers phone_numbers"),
    ...fields(
      TIMESTAMP,
      `account_expiration_time account_lockout_time first_seen_time hire_date
       last_bad_password_attempt_time last_login_time last_password_change_time password_expiration_time
       termination_date`,
    ),
    ...fields(ref("Location"), "office_address personal_address"),
    ...fields(deprecated(STRING), "groupid role_description role_name"),
    account_type: ACCOUNT_TYPE,
    attribute: ref("Attribute"),
    managers: list(ref("User")),
    time_off: list(ref("TimeOff")),
    user_authentication_status: USER_AUTHENTICATION_STATUS,
    user_role: deprecated(oneOf("UNKNOWN_ROLE ADMINISTRATOR SERVICE_ACCOUNT")),
  }),
  TimeOff: message({
    description: STRING,
    interval: ref("Interval"),
  }),
  Group: message({
    ...fields(STRING, "group_display_name product_object_id windows_sid"),
    attribute: ref("Attribute"),
    creation_time: deprecated(TIMESTAMP),
    email_addresses: list(STRING),
  }),
  Attribute: message({
    ...fields(TIMESTAMP, "creation_time last_update_time"),
    cloud: ref("Cloud"),
    labels: list(ref("Label")),
    permissions: list(ref("Permission")),
    roles: list(ref("Role")),
  }),
  Role: message({
    ...fields(STRING, "description name"),
    type: oneOf("TYPE_UNSPECIFIED ADMINISTRATOR SERVICE_ACCOUNT"),
  }),
  Permission: message({
    ...fields(STRING, "description name"),
    type: oneOf("UNKNOWN_PERMISSION_TYPE ADMIN_WRITE ADMIN_READ DATA_WRITE DATA_READ"),
  }),
};

// Places, labels and intervals

const COMMON = {
  Location: message({
    ...fields(STRING, "city country_or_region desk_name floor_name name state"),
    ...fields(deprecated(NUMBER), "region_latitude region_longitude"),
    region_coordinates: ref("LatLng"),
  }),
  LatLng: message(fields(NUMBER, "latitude longitude")),
  Interval: message(fields(TIMESTAMP, "end_time start_time")),
  Label: message({
    ...fields(STRING, "key source value"),
    rbac_enabled: BOOL,
  }),
  Cloud: message({
    ...fields(deprecated(ref("Resource")), "project vpc"),
    availability_zone: STRING,
    environment: CLOUD_ENVIRONMENT,
  }),
  Tags: message({
    data_tap_config_name: list(STRING),
    tenant_id: list(BYTES),
  }),
  DataAccessLabels: message({
    ...fields(list(STRING), "custom_labels log_types namespaces"),
    allow_scoped_access: BOOL,
    ingestion_kv_labels: list(ref("DataAccessIngestionLabel")),
    ingestion_labels: deprecated(list(STRING)),
  }),
  DataAccessIngestionLabel: message(fields(STRING, "key value")),
};

// Resources, services and schedules

const RESOURCES = {
  Resource: message({
    ...fields(STRING, "name product_object_id resource_subtype"),
    ...fields(deprecated(STRING), "id parent type"),
    attribute: ref("Attribute"),
    resource_type: RESOURCE_TYPE,
    scheduled_anacron_task: ref("ScheduledAnacronTask"),
    scheduled_cron_task: ref("ScheduledCronTask"),
    scheduled_task: deprecated(ref("ScheduledTask")),
    service: ref("Service"),
    volume: ref("Volume"),
    windows_scheduled_task: ref("WindowsScheduledTask"),
  }),
  Service: message({
    display_name: STRING,
    service_type: deprecated(SERVICE_TYPE),
    service_types: list(SERVICE_TYPE),
    startup_type: oneOf("STARTUP_TYPE_UNSPECIFIED AUTOMATIC MANUAL DISABLED"),
    state: SERVICE_STATE,
  }),
  Volume: message({
    ...fields(STRING, "device_path file_system mount_point name"),
    ...fields(BOOL, "is_mounted is_read_only"),
  }),
  ScheduledTask: message({
    ...fields(STRING, "author comment"),
    ...fields(INT32, "hour minute month month_day week_day"),
  }),
  ScheduledCronTask: message({
    ...fields(STRING, "author comment event hour minute month month_day path week_day"),
  }),
  ScheduledAnacronTask: message({
    ...fields(STRING, "job_id path period source_line"),
    delay_minutes: INT64,
  }),
  WindowsScheduledTask: message({
    ...fields(STRING, "author virtual_path"),
    exit_code: INT32,
    logon_type: LOGON_TYPE,
    state: oneOf("TASK_STATE_UNSPECIFIED DISABLED QUEUED ACTIVE RUNNING"),
    task_actions: list(ref("TaskAction")),
    task_triggers: list(ref("TaskTrigger")),
  }),
  TaskTrigger: message({
    duration: DURATION,
    enabled: BOOL,
    interval: STRING,
    trigger_type: TRIGGER_TYPE,
  }),
  TaskAction: message({
    ...fields(STRING, "com_class_id com_data exec_working_directory"),
    action_type: oneOf("ACTION_TYPE_UNSPECIFIED EXEC COM_HANDLER SEND_EMAIL SHOW_MESSAGE"),
    exec_arguments: list(STRING),
  }),
};

// Processes and registries

const PROCESSES = {
  Process: message({
    ...fields(
      STRING,
      `command_line egid euid pgid pid product_specific_process_id rgid ruid session_leader_pid tty`,
    ),
    ...fields(INT64, "access_mask integrity_level_rid"),
    ...fields(DURATION, "kernel_duration real_duration user_duration"),
    ...fields(deprecated(STRING), "parent_pid product_specific_parent_process_id"),
    command_line_history: list(STRING),
    file: ref("File"),
    ipv6: BOOL,
    parent_process: ref("Process"),
    state: PROCESS_STATE,
    token_elevation_type: oneOf("UNKNOWN TYPE_1 TYPE_2 TYPE_3"),
  }),
  Registry: message({
    ...fields(STRING, "registry_key registry_value_data registry_value_name"),
    registry_value_binary_data: BYTES,
    registry_value_type: REGISTRY_VALUE_TYPE,
  }),
};

// Files

const FILES = {
  File: message({
    ...fields(STRING, "authentihash full_path md5 mime_type sha1 sha256 ssdeep symhash vhash"),
    ...fields(list(STRING), "capabilities_tags embedded_domains embedded_ips embedded_urls names tags"),
    ...fields(INT64, "size stat_dev stat_inode stat_mode stat_nlink"),
    ...fields(
      TIMESTAMP,
      `create_time first_seen_time first_submission_time last_access_time last_analysis_time
       last_modification_time last_seen_time last_submission_time`,
    ),
    ahash: deprecated(STRING),
    app_compat_cache: ref("AppCompatMetadata"),
    exif_info: ref("ExifInfo"),
    file_metadata: deprecated(ref("FileMetadata")),
    file_type: FILE_TYPE,
    main_icon: ref("Favicon"),
    ntfs: ref("NtfsFileMetadata"),
    pdf_info: ref("PDFInfo"),
    pe_file: ref("FileMetadataPE"),
    prefetch_file_metadata: ref("PrefetchFileMetadata"),
    prevalence: ref("Prevalence"),
    security_result: ref("SecurityResult"),
    signature_info: ref("SignatureInfo"),
    stat_flags: INT32,
  }),
  FileMetadata: message({ pe: deprecated(ref("PeFileMetadata")) }),
  FileMetadataPE: message({
    ...fields(INT64, "entry_point entry_point_exiftool"),
    ...fields(TIMESTAMP, "compilation_exiftool_time compilation_time"),
    ...fields(
      deprecated(list(ref("StringToInt64MapEntry"))),
      "resources_language_count resources_type_count",
    ),
    ...fields(list(ref("Label")), "resources_language_count_str resources_type_count_str"),
    imphash: STRING,
    imports: list(ref("FileMetadataImports")),
    resource: list(ref("FileMetadataPeResourceInfo")),
    section: list(ref("FileMetadataSection")),
    signature_info: deprecated(ref("FileMetadataSignatureInfo")),
  }),
  FileMetadataSection: message({
    ...fields(STRING, "md5_hex name"),
    ...fields(INT64, "raw_size_bytes virtual_size_bytes"),
    entropy: NUMBER,
  }),
  FileMetadataImports: message({
    functions: list(STRING),
    library: STRING,
  }),
  FileMetadataPeResourceInfo: message({
    ...fields(STRING, "file_type filetype_magic language_code sha256_hex"),
    entropy: NUMBER,
  }),
  PeFileMetadata: message({ import_hash: STRING }),
  FileMetadataCodesign: message({
    ...fields(STRING, "format id team_id"),
    compilation_time: TIMESTAMP,
  }),
  FileMetadataSignatureInfo: message({
    signer: deprecated(list(STRING)),
    signers: list(ref("SignerInfo")),
    verification_message: STRING,
    verified: BOOL,
    x509: list(ref("X509")),
  }),
  SignatureInfo: message({
    codesign: ref("FileMetadataCodesign"),
    sigcheck: ref("FileMetadataSignatureInfo"),
  }),
  SignerInfo: message(fields(STRING, "cert_issuer name status valid_usage")),
  X509: message(fields(STRING, "algorithm cert_issuer name serial_number thumbprint")),
  StringToInt64MapEntry: message({
    key: STRING,
    value: INT64,
  }),
  PDFInfo: message({
    ...fields(
      INT64,
      `acroform autoaction embedded_file encrypted endobj_count endstream_count flash javascript
       jbig2_compression js launch_action_count obj_count object_stream_count openaction page_count
       startxref stream_count suspicious_colors trailer xfa xref`,
    ),
    header: STRING,
  }),
  ExifInfo: message({
    ...fields(STRING, "company file_description original_file product"),
    compilation_time: TIMESTAMP,
    entry_point: INT64,
  }),
  PrefetchFileMetadata: message({
    prefetch_hash: STRING,
    run_count: INT64,
  }),
  AppCompatMetadata: message({
    control_set: STRING,
    executed: BOOL,
    sequence: INT32,
  }),
  NtfsFileMetadata: message({
    ...fields(
      TIMESTAMP,
      `change_time filename_access_time filename_change_time filename_create_time filename_modify_time`,
    ),
    usn_journal: list(ref("UsnJournal")),
  }),
  UsnJournal: message({
    allocated: BOOL,
    attributes: deprecated(FILE_ATTRIBUTE),
    attributes_flag: STRING,
    file_attributes: list(FILE_ATTRIBUTE),
    reason: deprecated(USN_REASON),
    reasons: list(USN_REASON),
  }),
  Favicon: message(fields(STRING, "dhash raw_md5")),
};

// Networks

const NETWORKS = {
  Network: message({
    ...fields(
      STRING,
      `application_protocol_version asn carrier_name community_id dns_domain ip_subnet_range
       organization_name parent_session_id session_id`,
    ),
    ...fields(BOOL, "ipv6 is_proxy"),
    ...fields(INT64, "received_bytes received_packets sent_bytes sent_packets total_bytes"),
    application_protocol: APPLICATION_PROTOCOL,
    connection_state: CONNECTION_STATE,
    dhcp: ref("Dhcp"),
    direction: oneOf("UNKNOWN_DIRECTION INBOUND OUTBOUND BROADCAST"),
    dns: ref("Dns"),
    email: ref("Email"),
    ftp: ref("Ftp"),
    http: ref("Http"),
    ip_protocol: IP_PROTOCOL,
    proxy_info: ref("ProxyInfo"),
    session_duration: DURATION,
    smtp: ref("Smtp"),
    tls: ref("Tls"),
  }),
  ProxyInfo: message({
    ...fields(
      BOOL,
      `anonymous anonymous_vpn hosting_provider proxy_over_vpn public_proxy relay_proxy residential_proxy
       smart_dns_proxy tor_exit_node vpn_datacenter`,
    ),
    vpn_service_name: STRING,
  }),
  Dhcp: message({
    ...fields(
      STRING,
      `chaddr ciaddr client_hostname client_identifier_string file giaddr requested_address siaddr sname
       yiaddr`,
    ),
    ...fields(INT32, "flags hlen hops htype lease_time_seconds seconds transaction_id"),
    client_identifier: BYTES,
    opcode: oneOf("UNKNOWN_OPCODE BOOTREQUEST BOOTREPLY"),
    options: list(ref("Option")),
    type: DHCP_TYPE,
  }),
  Option: message({
    code: INT32,
    data: BYTES,
  }),
  Dns: message({
    ...fields(BOOL, "authoritative recursion_available recursion_desired response truncated"),
    ...fields(INT32, "id opcode response_code"),
    ...fields(list(ref("ResourceRecord")), "additional answers authority"),
    questions: list(ref("Question")),
  }),
  Question: message({
    ...fields(INT32, "class type"),
    name: STRING,
    prevalence: ref("Prevalence"),
  }),
  ResourceRecord: message({
    ...fields(STRING, "data name"),
    ...fields(INT32, "class ttl type"),
    binary_data: BYTES,
  }),
  Http: message({
    ...fields(STRING, "method referral_url user_agent"),
    response_code: INT32,
  }),
  Ftp: message({ command: STRING }),
  Smtp: message({
    ...fields(STRING, "helo mail_from message_path"),
    ...fields(list(STRING), "rcpt_to server_response"),
    ...fields(BOOL, "is_tls is_webmail"),
  }),
  Email: message({
    ...fields(STRING, "bounce_address from mail_id reply_to"),
    ...fields(list(STRING), "bcc cc subject to"),
  }),
  Tls: message({
    ...fields(STRING, "cipher curve next_protocol version version_protocol"),
    ...fields(BOOL, "established resumed"),
    client: ref("Client"),
    server: ref("Server"),
  }),
  Client: message({
    ...fields(STRING, "ja3 ja4 server_name"),
    certificate: ref("Certificate"),
    supported_ciphers: list(STRING),
  }),
  Server: message({
    ...fields(STRING, "ja3s ja4s"),
    certificate: ref("Certificate"),
  }),
  Certificate: message({
    ...fields(STRING, "issuer md5 serial sha1 sha256 subject version"),
    ...fields(TIMESTAMP, "not_after not_before"),
  }),
};

// Addresses, domains and URLs

const DOMAINS = {
  Artifact: message({
    ...fields(STRING, "as_owner ip jarm regional_internet_registry whois"),
    ...fields(list(STRING), "risks tags"),
    ...fields(TIMESTAMP, "first_seen_time last_https_certificate_date last_seen_time whois_date"),
    anonymous: BOOL,
    artifact_client: ref("ArtifactClient"),
    asn: INT64,
    last_https_certificate: ref("SSLCertificate"),
    location: ref("Location"),
    network: ref("Network"),
    prevalence: ref("Prevalence"),
    tunnels: list(ref("Tunnels")),
  }),
  ArtifactClient: message(fields(list(STRING), "behaviors proxies")),
  Tunnels: message(fields(STRING, "provider type")),
  Domain: message({
    ...fields(STRING, "contact_email jarm name registrar status whois_server"),
    ...fields(list(STRING), "categories name_server tags"),
    ...fields(BYTES, "registry_data_raw_text whois_record_raw_text"),
    ...fields(
      TIMESTAMP,
      `audit_update_time creation_time expiration_time first_seen_time last_dns_records_time
       last_https_certificate_time last_seen_time update_time whois_time`,
    ),
    ...fields(ref("User"), "admin billing registrant tech zone"),
    favicon: ref("Favicon"),
    iana_registrar_id: INT32,
    last_dns_records: list(ref("DNSRecord")),
    last_https_certificate: ref("SSLCertificate"),
    popularity_ranks: list(ref("PopularityRank")),
    prevalence: ref("Prevalence"),
    private_registration: BOOL,
  }),
  DNSRecord: message({
    ...fields(STRING, "rname type value"),
    ...fields(INT64, "priority retry serial"),
    ...fields(DURATION, "expire minimum refresh ttl"),
  }),
  PopularityRank: message({
    giver: STRING,
    ingestion_time: TIMESTAMP,
    rank: INT64,
  }),
  Prevalence: message({
    ...fields(INT32, "day_count day_max day_max_sub_domains rolling_max rolling_max_sub_domains"),
  }),
  Url: message({
    ...fields(STRING, "last_final_url last_http_response_content_sha256 title url"),
    ...fields(list(STRING), "categories tags"),
    ...fields(STRUCT, "html_meta last_http_response_cookies last_http_response_headers"),
    favicon: ref("Favicon"),
    last_http_response_code: INT32,
    last_http_response_content_length: INT64,
    trackers: list(ref("Tracker")),
  }),
  Tracker: message({
    ...fields(STRING, "id tracker url"),
    timestamp: TIMESTAMP,
  }),
  Browser: message({
    ...fields(STRING, "browser_version indexed_content profile request_origin_uri visit_count_criteria"),
    ...fields(BOOL, "hidden typed"),
    ...fields(INT64, "typed_count visit_count"),
    ...fields(TIMESTAMP, "first_bookmarked_time first_visit_time last_visit_time"),
    browser_type: BROWSER_TYPE,
    cookies: list(ref("Cookie")),
    visit_source: oneOf("VISIT_SOURCE_UNSPECIFIED SYNCED BROWSER EXTENSION IMPORTED"),
    visit_type: VISIT_TYPE,
  }),
  Cookie: message({
    ...fields(STRING, "domain name path value"),
    ...fields(BOOL, "http_only partitioned secure session"),
    expiration_time: TIMESTAMP,
    max_age: INT64,
    same_site: oneOf("COOKIE_SAME_SITE_UNSPECIFIED STRICT LAX NONE"),
  }),
};

// Certificates

const CERTIFICATES = {
  SSLCertificate: message({
    ...fields(STRING, "serial_number signature_algorithm thumbprint thumbprint_sha256 version"),
    ...fields(ref("Subject"), "issuer subject"),
    cert_extensions: STRUCT,
    cert_signature: ref("CertSignature"),
    ec: ref("EC"),
    extension: deprecated(ref("Extension")),
    first_seen_time: TIMESTAMP,
    public_key: ref("PublicKey"),
    size: INT64,
    validity: ref("Validity"),
  }),
  Extension: message({
    ...fields(
      STRING,
      `ca_info_access cert_template_name_dc certificate_policies crl_distribution_points extended_key_usage
       key_usage netscape_cert_comment subject_alternative_name subject_key_id`,
    ),
    ...fields(BOOL, "ca netscape_certificate old_authority_key_id pe_logotype"),
    authority_key_id: ref("AuthorityKeyId"),
  }),
  AuthorityKeyId: message(fields(STRING, "keyid serial_number")),
  CertSignature: message(fields(STRING, "signature signature_algorithm")),
  PublicKey: message({
    algorithm: STRING,
    rsa: ref("RSA"),
  }),
  RSA: message({
    ...fields(STRING, "exponent modulus"),
    key_size: INT64,
  }),
  EC: message(fields(STRING, "oid pub")),
  Subject: message({
    ...fields(
      STRING,
      `common_name country_name locality organization organizational_unit state_or_province_name`,
    ),
  }),
  Validity: message(fields(TIMESTAMP, "expiry_time issue_time")),
};

// Security results and threats

const SECURITY = {
  SecurityResult: message({
    ...fields(
      STRING,
      `action_details confidence_details description display_name priority_details rule_author rule_id
       rule_name rule_set rule_set_display_name rule_type rule_version ruleset_category_display_name
       severity_details summary threat_feed_name threat_id threat_name url_back_to_product`,
    ),
    ...fields(NUMBER, "confidence_score risk_score"),
    ...fields(TIMESTAMP, "first_discovered_time last_discovered_time last_updated_time"),
    ...fields(list(ref("Label")), "detection_fields rule_labels"),
    ...fields(deprecated(list(STRING)), "campaigns reports"),
    about: ref("Noun"),
    action: list(SECURITY_RESULT_ACTION),
    alert_state: oneOf("UNSPECIFIED NOT_ALERTING ALERTING"),
    analytics_metadata: list(ref("AnalyticsMetadata")),
    associations: list(ref("Association")),
    attack_details: ref("AttackDetails"),
    category: list(SECURITY_RESULT_CATEGORY),
    category_details: list(STRING),
    confidence: CONFIDENCE,
    detection_depth: INT64,
    outcomes: deprecated(list(ref("Label"))),
    priority: oneOf("UNKNOWN_PRIORITY LOW_PRIORITY MEDIUM_PRIORITY HIGH_PRIORITY"),
    severity: oneOf("UNKNOWN_SEVERITY INFORMATIONAL ERROR NONE LOW MEDIUM HIGH CRITICAL"),
    threat_collections: list(ref("ThreatCollectionItem")),
    threat_id_namespace: LOG_SOURCE,
    threat_status: oneOf("THREAT_STATUS_UNSPECIFIED ACTIVE CLEARED FALSE_POSITIVE"),
    threat_verdict: oneOf("THREAT_VERDICT_UNSPECIFIED UNDETECTED SUSPICIOUS MALICIOUS"),
    variables: STRUCT,
    verdict: deprecated(ref("SecurityResult.Verdict")),
    verdict_info: list(ref("VerdictInfo")),
  }),
  AnalyticsMetadata: message({ analytic: STRING }),
  ThreatCollectionItem: message({
    alt_names: list(STRING),
    id: STRING,
    type: oneOf("THREAT_COLLECTION_TYPE_UNSPECIFIED CAMPAIGN REPORT"),
  }),
  VerdictInfo: message({
    ...fields(STRING, "category_details neighbour_influence source_provider"),
    ...fields(
      INT32,
      `benign_count confidence_score global_customer_count global_hits_count malicious_count response_count
       source_count`,
    ),
    ...fields(TIMESTAMP, "pwn_first_tagged_time verdict_time"),
    ioc_stats: list(ref("IoCStats")),
    pwn: BOOL,
    verdict_response: VERDICT_RESPONSE,
    verdict_type: oneOf("VERDICT_TYPE_UNSPECIFIED PROVIDER_ML_VERDICT ANALYST_VERDICT"),
  }),
  IoCStats: message({
    ...fields(STRING, "first_level_source second_level_source"),
    ...fields(INT32, "benign_count malicious_count response_count source_count"),
    ioc_stats_type: IOC_STATS_TYPE,
    quality: CONFIDENCE,
  }),
  "SecurityResult.Verdict": message({
    ...fields(INT32, "response_count source_count"),
    analyst_verdict: ref("AnalystVerdict"),
    neighbour_influence: STRING,
    verdict: ref("ProviderMLVerdict"),
  }),
  AnalystVerdict: message({
    confidence_score: INT32,
    verdict_response: VERDICT_RESPONSE,
    verdict_time: TIMESTAMP,
  }),
  ProviderMLVerdict: message({
    ...fields(INT32, "benign_count confidence_score malicious_count"),
    ...fields(list(ref("Source")), "mandiant_sources third_party_sources"),
    source_provider: STRING,
  }),
  Source: message({
    ...fields(INT32, "benign_count malicious_count response_count source_count"),
    name: STRING,
    quality: CONFIDENCE,
    threat_intelligence_sources: list(ref("Source")),
  }),
  Association: message({
    ...fields(STRING, "description id name role"),
    ...fields(list(STRING), "country_code industries_affected tags"),
    ...fields(TIMESTAMP, "first_reference_time last_reference_time"),
    ...fields(ref("Location"), "region_code sponsor_region"),
    alias: list(ref("AssociationAlias")),
    associated_actors: list(ref("Association")),
    source_country: deprecated(STRING),
    targeted_regions: list(ref("Location")),
    type: oneOf("ASSOCIATION_TYPE_UNSPECIFIED THREAT_ACTOR MALWARE SOFTWARE_TOOLKIT"),
  }),
  AssociationAlias: message(fields(STRING, "company name")),
  AttackDetails: message({
    tactics: list(ref("Tactic")),
    techniques: list(ref("Technique")),
    version: STRING,
  }),
  Technique: message(fields(STRING, "id name subtechnique_id subtechnique_name")),
  Tactic: message(fields(STRING, "id name")),
  Investigation: message({
    ...fields(STRING, "id root_cause"),
    ...fields(INT32, "risk_score severity_score"),
    comments: list(STRING),
    priority: INVESTIGATION_PRIORITY,
    reason: INVESTIGATION_REASON,
    reputation: oneOf("REPUTATION_UNSPECIFIED USEFUL NOT_USEFUL"),
    status: oneOf("STATUS_UNSPECIFIED NEW REVIEWED CLOSED OPEN"),
    verdict: oneOf("VERDICT_UNSPECIFIED TRUE_POSITIVE FALSE_POSITIVE"),
  }),
  AtiPrioritization: message({
    ...fields(BOOL, "active_ir exclusive osint reviewed scanner"),
    ...fields(INT32, "gti_severity gti_threat_score gti_verdict mandiant_analyst_confidence"),
    ...fields(INT64, "global_customer_count global_hit_count"),
    ...fields(TIMESTAMP, "active_ir_first_tagged_time gti_update_time"),
    ...fields(list(ref("Association")), "attributed_malware attributed_threat_actors"),
  }),
};

// Metrics, risk and findings

const METRICS = {
  Metric: message({
    ...fields(INT64, "export_window total_events"),
    ...fields(TIMESTAMP, "first_seen last_seen"),
    ...fields(list(ref("FindingVariable")), "match_variables outcome_variables"),
    dimensions: list(METRIC_DIMENSION),
    display_name: STRING,
    metric_name: METRIC_NAME,
    sum_measure: ref("Measure"),
    time_range: ref("Interval"),
  }),
  Measure: message({
    aggregate_function: oneOf("AGGREGATE_FUNCTION_UNSPECIFIED MIN MAX COUNT SUM AVG STDDEV"),
    value: NUMBER,
  }),
  EntityRisk: message({
    ...fields(STRING, "detail_uri risk_version"),
    ...fields(INT32, "detections_count normalized_risk_score"),
    ...fields(TIMESTAMP, "first_detection_time last_detection_time last_reset_time"),
    ...fields(ref("RiskDelta"), "raw_risk_delta risk_delta"),
    DEPRECATED_risk_score: deprecated(INT32),
    risk_score: NUMBER,
    risk_window: ref("Interval"),
    risk_window_has_new_detections: BOOL,
    risk_window_size: DURATION,
  }),
  RiskDelta: message({
    ...fields(INT32, "previous_risk_score risk_score_delta risk_score_numeric_delta"),
    previous_range_end_time: TIMESTAMP,
  }),
  FindingVariable: message({
    ...fields(STRING, "source_path string_val value"),
    ...fields(BOOL, "bool_val null_val"),
    ...fields(INT64, "int64_val uint64_val"),
    bool_seq: ref("BoolSequence"),
    bytes_seq: ref("BytesSequence"),
    bytes_val: BYTES,
    double_seq: ref("DoubleSequence"),
    double_val: NUMBER,
    int64_seq: ref("Int64Sequence"),
    string_seq: ref("StringSequence"),
    timestamp_time: TIMESTAMP,
    type: oneOf("TYPE_UNSPECIFIED MATCH OUTCOME"),
    uint64_seq: ref("Uint64Sequence"),
  }),
  StringSequence: message({ string_vals: list(STRING) }),
  Uint64Sequence: message({ uint64_vals: list(INT64) }),
  Int64Sequence: message({ int64_vals: list(INT64) }),
  DoubleSequence: message({ double_vals: list(NUMBER) }),
  BytesSequence: message({ bytes_vals: list(BYTES) }),
  BoolSequence: message({ bool_vals: list(BOOL) }),
};

// Event metadata

const EVENTS = {
  Metadata: message({
    ...fields(
      STRING,
      `description log_type parser_version product_deployment_id product_event_type product_log_id
       product_name product_version url_back_to_product vendor_name`,
    ),
    ...fields(TIMESTAMP, "collected_timestamp event_timestamp ingested_timestamp"),
    ...fields(ref("DataAccessLabels"), "base_labels enrichment_labels"),
    enrichment_state: oneOf("ENRICHMENT_STATE_UNSPECIFIED ENRICHED UNENRICHED"),
    event_timestamp_attributes: list(EVENT_TIMESTAMP_ATTRIBUTE),
    event_type: EVENT_TYPE,
    id: BYTES,
    ingestion_labels: list(ref("Label")),
    structured_fields: deprecated(STRUCT),
    tags: ref("Tags"),
  }),
  Id: message({
    id: BYTES,
    namespace: LOG_SOURCE,
    string_id: STRING,
  }),
};

/** A UDM entity record. */
export const UDM_ENTITY_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:duo-udm:udm-entity",
  title: "UDM entity record",
  ...ref("Entity"),
  $defs: {
    ...RECORD,
    ...ASSETS,
    ...PEOPLE,
    ...COMMON,
    ...RESOURCES,
    ...PROCESSES,
    ...FILES,
    ...NETWORKS,
    ...DOMAINS,
    ...CERTIFICATES,
    ...SECURITY,
    ...METRICS,
    ...EVENTS,
  },
} as const;
