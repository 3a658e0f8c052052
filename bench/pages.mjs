// Invented pages in the shapes that Duo sends, the same at every run.

const id = (prefix, n) => prefix + String(n).padStart(18, "0");
const OS = [
  ["Mac OS X", "15.1.0", "MacBook Pro"],
  ["Windows", "11.0.22631", "Latitude 7440"],
  ["Windows", "10.0.19045", ""],
  ["iOS", "18.1", "iPhone"],
];

export function endpoint(n) {
  const [os_family, os_version, model] = OS[n % OS.length];
  const hardware = `3FA47335-1976-3BED-8286-${String(n).padStart(12, "0")}`;
  return {
    browsers: [
      {
        browser_family: "Chrome",
        browser_version: `131.0.${n}.86`,
        flash_version: "uninstalled",
        java_version: "uninstalled",
        last_used: 1730000000 + n,
      },
      {
        browser_family: "Edge",
        browser_version: "131.0.2903",
        flash_version: "uninstalled",
        java_version: "uninstalled",
        last_used: 1730000000 - n,
      },
    ],
    computer_sid: "",
    cpu_id: "",
    device_id: "",
    device_identifier: hardware,
    device_identifier_type: "hardware_uuid",
    device_name: `host-${n}`,
    device_udid: "",
    device_username: `EXAMPLE\\user${n}`,
    device_username_type: "os_username",
    disk_encryption_status: n % 3 === 0 ? "Off" : "On",
    domain_sid: "",
    email: `user${n}@example.com`,
    epkey: id("EP", n),
    firewall_status: "On",
    hardware_uuid: hardware,
    health_app_client_version: "6.12.0.0",
    health_data_last_collected: 1730000000 + n,
    last_updated: 1730000000 + n,
    machine_guid: "",
    model,
    os_build: "24B83",
    os_family,
    os_version,
    password_status: "Set",
    security_agents: [{ security_agent: "Cisco Secure Endpoint", version: "8.4.2" }],
    trusted_endpoint: n % 5 === 0 ? "no" : "yes",
    type: "",
    username: `user${n}`,
  };
}

const pad = (n) => String(n).padStart(2, "0");

export function phone(n) {
  return {
    activated: n % 10 !== 0,
    capabilities: ["auto", "push", "sms", "phone", "mobile_otp"],
    encrypted: "Encrypted",
    extension: "",
    fingerprint: "Configured",
    last_seen: `2026-${pad((n % 12) + 1)}-${pad((n % 28) + 1)}T15:51:${pad(n % 60)}`,
    model: "Apple iPhone 15 Pro",
    name: "",
    number: `+1503555${String(n % 10000).padStart(4, "0")}`,
    phone_id: id("DP", n),
    platform: "Apple iOS",
    postdelay: "0",
    predelay: "0",
    screenlock: "Locked",
    sms_passcodes_sent: false,
    tampered: "Not tampered",
    type: "Mobile",
    users: [
      {
        alias1: `u${n}`,
        alias2: null,
        alias3: null,
        alias4: null,
        aliases: { alias1: `u${n}` },
        created: 1489612729,
        email: `user${n}@example.com`,
        firstname: "",
        is_enrolled: false,
        last_directory_sync: 1508789163,
        last_login: 1343921403,
        lastname: "",
        notes: "",
        realname: `User ${n}`,
        status: "active",
        user_id: id("DU", n),
        username: `user${n}`,
      },
    ],
  };
}

/** A user with all five lists that Duo nests. */
export function user(n) {
  const nested = (count, make) => Array.from({ length: count }, (_, at) => make(n * 10 + at));
  return {
    alias1: `u${n}`,
    alias2: `u${n}@alias.example.com`,
    alias3: null,
    alias4: null,
    aliases: { alias1: `u${n}`, alias2: `u${n}@alias.example.com` },
    created: 1489612729,
    desktop_authenticators: nested(1, (at) => ({
      dakey: id("DA", at),
      device_name: `host-${at}`,
      os_family: "Windows",
    })),
    desktoptokens: [],
    email: `user${n}@example.com`,
    enable_auto_prompt: true,
    external_id: id("X", n),
    firstname: "User",
    groups: nested(3, (at) => ({
      desc: "",
      group_id: id("DG", at),
      mobile_otp_enabled: false,
      name: `Group ${at} (from AD sync "Example")`,
      push_enabled: false,
      sms_enabled: false,
      status: "Active",
      voice_enabled: false,
    })),
    is_enrolled: true,
    last_directory_sync: 1508789163,
    last_login: 1343921403,
    lastname: String(n),
    lockout_reason: null,
    notes: "",
    phones: nested(2, (at) => {
      const { users, ...rest } = phone(at);
      return rest;
    }),
    realname: `User ${n}`,
    status: "active",
    tokens: nested(1, (at) => ({ serial: String(at), token_id: id("DH", at), totp_step: null, type: "yk" })),
    u2ftokens: [],
    user_id: id("DU", n),
    username: `user${n}`,
    webauthncredentials: nested(2, (at) => ({
      credential_name: "Touch ID",
      date_added: 1730000000 + at,
      label: "Touch ID",
      webauthnkey: id("WA", at),
    })),
  };
}

/** A page of `count` records from number `start` on, as the bytes Duo would send. */
export function page(record, count, start = 0) {
  const response = Array.from({ length: count }, (_, n) => record(start + n));
  return Buffer.from(JSON.stringify({ metadata: { total_objects: count }, response, stat: "OK" }));
}
