-- The mapping for DuckDB. Text is put together rather than structs: measured, that is the faster of the two.
-- The page is the one row of the table page, the collection time the variable collected_at.
CREATE MACRO filled(value) AS if(trim(value, E' \t\r\n') = '', NULL, value);
CREATE MACRO address(value) AS if(contains(value, '@'), value, NULL);
CREATE MACRO printed(value) AS CAST(to_json(value) AS VARCHAR);
CREATE MACRO member(key, json) AS '"' || key || '":' || json;
CREATE MACRO field(key, value) AS member(key, printed(value));
CREATE MACRO object(members) AS '{' || nullif(members, '') || '}';
CREATE MACRO items(texts) AS '[' || nullif(texts, '') || ']';
CREATE MACRO label(key, value) AS '{"key":"' || key || '","value":' || printed(lower(value)) || '}';
CREATE MACRO software(name, version) AS object(concat_ws(',',
  field('name', filled(name)), field('version', filled(version))));

WITH records AS (
  SELECT unnest(from_json(content, '{"response": [{
    "activated": "VARCHAR", "device_name": "VARCHAR", "disk_encryption_status": "VARCHAR", "email": "VARCHAR",
    "encrypted": "VARCHAR", "epkey": "VARCHAR", "fingerprint": "VARCHAR", "firewall_status": "VARCHAR",
    "hardware_uuid": "VARCHAR", "last_seen": "VARCHAR", "model": "VARCHAR", "number": "VARCHAR",
    "os_family": "VARCHAR", "os_version": "VARCHAR", "password_status": "VARCHAR", "phone_id": "VARCHAR",
    "token_id": "VARCHAR", "trusted_endpoint": "VARCHAR", "type": "VARCHAR", "user_id": "VARCHAR",
    "username": "VARCHAR",
    "browsers": [{"browser_family": "VARCHAR", "browser_version": "VARCHAR"}],
    "security_agents": [{"security_agent": "VARCHAR", "version": "VARCHAR"}],
    "users": [{"email": "VARCHAR", "username": "VARCHAR"}]
  }]}').response, max_depth := 2)
  FROM page
),
present AS (
  SELECT
    filled(COLUMNS(* EXCLUDE (browsers, security_agents, users))),
    browsers,
    security_agents,
    filled(users[1].email) AS owner_email,
    filled(users[1].username) AS owner
  FROM records
),
chosen AS (
  SELECT *,
    lower(os_family) AS family,
    coalesce(hardware_uuid, user_id) AS asset_id,
    coalesce(epkey, phone_id, token_id) AS product_object_id,
    coalesce(address(email), address(username), address(owner)) AS first_email,
    address(owner_email) AS second_email
  FROM present
),
parts AS (
  SELECT
    object(concat_ws(',',
      field('asset_id', asset_id),
      member('attribute', object(member('labels', items(concat_ws(',',
        label('disk_encryption_status', disk_encryption_status),
        label('Encrypted', encrypted),
        label('Finger Print', fingerprint),
        label('firewall_status', firewall_status),
        label('password_status', password_status),
        label('trusted_endpoint', trusted_endpoint)))))),
      field('deployment_status', if(activated = 'false', 'DECOMISSIONED', 'ACTIVE')),
      member('hardware', items(object(field('model', model)))),
      field('hostname', device_name),
      field('last_discover_time', last_seen || 'Z'),
      member('platform_software', object(concat_ws(',',
        field('platform', CASE
          WHEN contains(family, 'windows') THEN 'WINDOWS'
          WHEN contains(family, 'linux') THEN 'LINUX'
          WHEN contains(family, 'mac') THEN 'MAC' END),
        field('platform_version', os_version)))),
      field('product_object_id', product_object_id),
      member('software', items(concat_ws(',',
        array_to_string(list_transform(browsers, lambda b: software(b.browser_family, b.browser_version)), ','),
        array_to_string(list_transform(security_agents, lambda a: software(a.security_agent, a.version)), ',')))),
      field('type', if(contains(lower(type), 'mobile'), 'MOBILE', 'LAPTOP'))
    )) AS asset,
    object(concat_ws(',',
      member('email_addresses', items(concat_ws(',',
        printed(first_email), if(first_email = second_email, NULL, printed(second_email))))),
      member('phone_numbers', items(printed(number))),
      field('userid', filled(split_part(owner, '@', 1)))
    )) AS owned_by
  FROM chosen
  WHERE coalesce(asset_id, product_object_id, device_name) IS NOT NULL
)
SELECT string_agg(object(concat_ws(',',
  '"entity":{"asset":' || asset || '}',
  '"metadata":' || object(concat_ws(',',
    field('collected_timestamp', getvariable('collected_at')),
    '"entity_type":"ASSET","product_name":"Duo Entity Context Data","vendor_name":"Duo"')),
  '"relations":[{"entity":{"user":' || owned_by || '},"entity_type":"USER","relationship":"OWNS"}]'
)) || E'\n', '')
FROM parts
