# The mapping for jq: the same output, sorted by -S.
def text: if type == "string" then (if test("\\S") then . else null end)
  elif type == "boolean" or type == "number" then tostring
  else null end;
def address: if . != null and contains("@") then . else null end;
def put(key; value): value as $value | if $value == null or $value == [] or $value == {} then . else .[key] = $value end;
def tag(key; value): value as $value | if $value == null then . else . + [{key: key, value: ($value | ascii_downcase)}] end;
def pair(name; version): {} | put("name"; name) | put("version"; version) | select(. != {});

.response[]
| . as $r
| (.users[0]? // null) as $owner
| (.os_family | text) as $family
| ({} | put("platform";
      if $family == null then null
      else ($family | ascii_downcase
        | if contains("windows") then "WINDOWS" elif contains("linux") then "LINUX"
          elif contains("mac") then "MAC" else null end) end)
    | put("platform_version"; $r.os_version | text)) as $platform
| ([]
    | tag("disk_encryption_status"; $r.disk_encryption_status | text)
    | tag("Encrypted"; $r.encrypted | text)
    | tag("Finger Print"; $r.fingerprint | text)
    | tag("firewall_status"; $r.firewall_status | text)
    | tag("password_status"; $r.password_status | text)
    | tag("trusted_endpoint"; $r.trusted_endpoint | text)) as $labels
| ([($r.browsers[]? | . as $one | pair($one.browser_family | text; $one.browser_version | text)),
    ($r.security_agents[]? | . as $one | pair($one.security_agent | text; $one.version | text))]) as $software
| ({}
    | put("asset_id"; ($r.hardware_uuid | text) // ($r.user_id | text))
    | put("product_object_id"; ($r.epkey | text) // ($r.phone_id | text) // ($r.token_id | text))
    | put("hostname"; $r.device_name | text)
    | put("hardware"; if ($r.model | text) == null then null else [{model: ($r.model | text)}] end)
    | put("platform_software"; $platform)
    | .deployment_status = (if ($r.activated | text) == "false" then "DECOMISSIONED" else "ACTIVE" end)
    | .type = (if (($r.type | text) // "" | ascii_downcase | contains("mobile")) then "MOBILE" else "LAPTOP" end)
    | put("last_discover_time"; if ($r.last_seen | text) == null then null else ($r.last_seen + "Z") end)
    | put("software"; $software)
    | put("attribute"; if $labels == [] then null else {labels: $labels} end)) as $asset
| select($asset.asset_id != null or $asset.product_object_id != null or $asset.hostname != null)
| ([(($r.email | text | address) // ($r.username | text | address) // ($owner.username | text | address)),
    ($owner.email | text | address)]
    | map(select(. != null))
    | if length == 2 and .[0] == .[1] then .[:1] else . end) as $emails
| ({}
    | put("email_addresses"; $emails)
    | put("phone_numbers"; if ($r.number | text) == null then null else [$r.number] end)
    | put("userid"; if ($owner.username | text) == null then null else ($owner.username | split("@")[0]) end)) as $user
| {entity: {asset: $asset},
   metadata: {collected_timestamp: $at, vendor_name: "Duo", product_name: "Duo Entity Context Data", entity_type: "ASSET"}}
  | put("relations"; if $user == {} then null else [{entity: {user: $user}, entity_type: "USER", relationship: "OWNS"}] end)
