/**
 * An invented Duo account, made on demand: any record of any resource can be asked for, and none is kept. The
 * shapes, the values and their oddities are those of real Admin API pages; the people, devices and numbers are
 * not. A user's phones are the phones whose users hold that user, and so with tokens, groups and keys.
 */

import type { Resource } from "../core/resource.ts";
import { dice } from "./dice.ts";
import { FIRST_NAMES, LAST_NAMES } from "./names.ts";

export type Sizes = Readonly<Record<Resource, number>>;

type Json = { [field: string]: unknown };

/** 2026-01-01T00:00:00Z. All times lie before it. */
const TODAY = 1_767_225_600;

const iso = (epoch: number) => new Date(epoch * 1_000).toISOString().slice(0, 19);
const at = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];
const slug = (name: string) =>
  name
    .normalize("NFD")
    .replace(/[^a-zA-Z]/g, "")
    .toLowerCase();

/** The number of records of each resource, given the number of users. */
export function sizesFor(users: number): Sizes {
  const share = (part: number, whole: number) => Math.ceil((users * part) / whole);
  return {
    users,
    groups: Math.min(users, 3 + share(1, 200)),
    phones: share(11, 10),
    endpoints: share(3, 2),
    tokens: share(1, 10),
    webauthncredentials: share(1, 5),
    desktop_authenticators: share(1, 4),
  };
}

/** An account with a given number of users. Equal seeds give equal accounts. */
export class Account {
  readonly sizes: Sizes;
  readonly #seed: number;

  constructor(seed: number, sizes: Sizes) {
    this.#seed = seed;
    this.sizes = sizes;
  }

  /** The records of a resource from `offset` on, `limit` at most, as the resource's own page lists them. */
  page(resource: Resource, offset: number, limit: number): Json[] {
    const length = Math.max(0, Math.min(limit, this.sizes[resource] - offset));
    return Array.from({ length }, (_, index) => this.record(resource, offset + index));
  }

  record(resource: Resource, index: number): Json {
    switch (resource) {
      case "users":
        return this.#user(index);
      case "groups":
        return this.#group(index);
      case "phones":
        return {
          ...this.#phone(index),
          users: this.#phoneUsers(index).map((user) => this.#reducedUser(user)),
        };
      case "endpoints":
        return this.#endpoint(index);
      case "tokens":
        return this.#token(index);
      case "webauthncredentials":
        return this.#webauthn(index);
      case "desktop_authenticators":
        return this.#desktop(index);
    }
  }

  #dice(subject: string, index: number) {
    return dice(this.#seed, subject, index);
  }

  /** Duo's ids: two letters and 18 characters. The last characters count up, so that no two ids are equal. */
  #id(prefix: string, index: number): string {
    return `${prefix}${this.#dice(prefix, index).text(11)}${index.toString(36).toUpperCase().padStart(7, "0")}`;
  }

  #person(index: number) {
    const { int } = this.#dice("person", index);
    const first = at(FIRST_NAMES, int(FIRST_NAMES.length)) ?? "";
    const last = at(LAST_NAMES, int(LAST_NAMES.length)) ?? "";
    const handle = `${slug(first)}.${slug(last)}${index}`;
    const email = `${handle}@example.com`;
    const username = index % 7 === 3 ? email : index % 53 === 11 ? `${first} ${last} ${index}` : handle;
    return { first, last, handle, username, email: index % 19 === 5 ? "" : email };
  }

  /** A user as other resources nest it: without groups and devices, and never enrolled. */
  #reducedUser(index: number): Json {
    const { first, last, handle, username, email } = this.#person(index);
    const { int, pick, oneIn } = this.#dice("user", index);
    const status = pick([
      "active",
      "active",
      "active",
      "active",
      "bypass",
      "disabled",
      "locked out",
      "pending deletion",
    ]);
    const alias = oneIn(2) ? handle : oneIn(2) ? null : "";
    return {
      alias1: alias,
      alias2: null,
      alias3: null,
      alias4: null,
      aliases: alias ? { alias1: alias } : {},
      created: TODAY - 100_000_000 - int(50_000_000),
      email,
      firstname: oneIn(9) ? null : first,
      is_enrolled: false,
      last_directory_sync: oneIn(3) ? TODAY - int(86_400) : null,
      last_login: oneIn(6) ? null : TODAY - int(8_000_000),
      lastname: oneIn(9) ? "" : last,
      notes: "",
      realname: oneIn(12) ? "" : `${first} ${last}`,
      status,
      user_id: this.#id("DU", index),
      username,
    };
  }

  #user(index: number): Json {
    const user = this.#reducedUser(index);
    const { int, pick, oneIn } = this.#dice("user-page", index);
    const { groups, tokens, webauthncredentials } = this.sizes;
    const phones = this.#phonesOf(index).map((phone) => this.#phone(phone));
    return {
      ...user,
      is_enrolled: phones.length > 0,
      enable_auto_prompt: true,
      ...(oneIn(4) && { external_id: this.#dice("external", index).text(22) }),
      lockout_reason:
        user["status"] === "locked out" ? pick(["Failed Attempts", "Not enrolled", "Admin disabled"]) : null,
      groups: groups === 0 ? [] : [this.#group(int(groups))],
      phones,
      tokens: index < tokens ? [this.#tokenCore(index)] : [],
      u2ftokens: [],
      desktoptokens: [],
      webauthncredentials:
        index < webauthncredentials && !this.#isAdminKey(index) ? [this.#webauthnCore(index)] : [],
      ...(index % 4 === 1 && {
        custom_attributes: {},
        date_of_birth: null,
        desktop_authenticators: [],
        directory_key: this.#id("DS", 0),
        entra_federated_user_id: null,
        has_password: false,
        password_last_updated: null,
      }),
    };
  }

  #group(index: number): Json {
    const { oneIn } = this.#dice("group", index);
    const name = index % 3 === 1 ? `staff-${index} (from AD sync "EXAMPLE")` : `group-${index}`;
    return {
      desc: index % 2 === 0 ? "" : `Invented group ${index}`,
      group_id: this.#id("DG", index),
      mobile_otp_enabled: false,
      name,
      push_enabled: false,
      sms_enabled: false,
      status: oneIn(10) ? "Bypass" : oneIn(10) ? "Disabled" : "Active",
      ...(index % 2 === 0 && { voice_enabled: false }),
    };
  }

  /** Phone p belongs to user p. Phones beyond the users are second phones. Some are shared, some belong to nobody. */
  #phoneUsers(phone: number): number[] {
    const { users } = this.sizes;
    if (phone >= users) return phone % 5 === 4 ? [] : [(phone - users) * 7].filter((user) => user < users);
    const shared = phone % 97 === 50 ? [phone + 1, phone + 2, phone + 3] : [];
    return [phone, ...shared].filter((user) => user < users);
  }

  #phonesOf(user: number): number[] {
    const { users, phones } = this.sizes;
    const candidates = [user, user - 1, user - 2, user - 3];
    if (user % 7 === 0) candidates.push(users + user / 7);
    return candidates.filter(
      (phone) => phone >= 0 && phone < phones && this.#phoneUsers(phone).includes(user),
    );
  }

  #phone(index: number): Json {
    const { int, pick, oneIn } = this.#dice("phone", index);
    const [platform, model, type] = pick([
      ["Apple iOS", "Apple iPhone 15 Pro", "Mobile"],
      ["Apple iOS", "Apple iPhone SE (3rd Gen)", "Mobile"],
      ["Google Android", "Google Pixel 8", "Mobile"],
      ["Google Android", "Samsung Galaxy S23", "Mobile"],
      ["Generic Smartphone", "Unknown", "Mobile"],
      ["Unknown", "Unknown", "Landline"],
      ["Unknown", "Unknown", "Unknown"],
    ]);
    const activated = type === "Mobile" && !oneIn(6);
    const isTablet = oneIn(15);
    const delays = pick([
      { predelay: "0", postdelay: "0" },
      { predelay: "", postdelay: "" },
      { predelay: null, postdelay: null },
      {},
    ]);
    const posture = pick([
      { encrypted: "Encrypted", fingerprint: "Configured", screenlock: "Locked", tampered: "Not tampered" },
      { encrypted: "Unencrypted", fingerprint: "Disabled", screenlock: "Unlocked", tampered: "Tampered" },
      { encrypted: "Unknown", fingerprint: "Unknown", screenlock: "Unknown", tampered: "Unknown" },
      { encrypted: "", fingerprint: "", screenlock: "", tampered: "" },
      {},
    ]);
    return {
      activated,
      capabilities: activated ? ["auto", "push", "sms", "phone", "mobile_otp"] : oneIn(2) ? ["sms"] : [],
      ...posture,
      extension: "",
      last_seen: activated ? iso(TODAY - int(8_000_000)) : "",
      model,
      name: oneIn(3) ? `phone-${index}` : "",
      number: isTablet ? "" : `+1503555${String(index % 10_000).padStart(4, "0")}`,
      phone_id: this.#id("DP", index),
      platform,
      ...delays,
      sms_passcodes_sent: oneIn(4),
      type,
      ...(index % 5 === 2 && { app_version: "4.80.0", os_version: "17.5", quarantined: false }),
    };
  }

  #endpoint(index: number): Json {
    const { int, pick, oneIn, text } = this.#dice("endpoint", index);
    const user = this.sizes.users === 0 ? 0 : index % this.sizes.users;
    const { handle, username, email } = this.#person(user);
    const [os_family, os_version, model, browser_family] = pick([
      ["Windows", "10.0.22631.3737", "", "Chrome"],
      ["Windows", "10.0.22631.3737", "", "Chrome"],
      ["Windows", "10.0.22631.3737", "", "Chrome"],
      ["Windows", "10.0.19045.4529", "", "Edge Chromium"],
      ["Mac OS X", "14.5", "", "Safari"],
      ["Mac OS X", "14.5", "", "Safari"],
      ["Mac OS X", "14.5", "", "Safari"],
      ["iOS", "17.5.1", "iPhone", "Mobile Safari"],
      ["Android", "14", "Pixel 8", "Chrome Mobile"],
      ["Linux", "", "", "Firefox"],
      ["Chrome OS", "125.0.6422", "", "Chrome"],
      ["Unknown", "", "", "Unknown"],
    ]);
    const isManaged = (os_family === "Windows" || os_family === "Mac OS X") && !oneIn(4);
    const hex = text(32)
      .replace(/[G-Z]/g, (letter) => (letter.charCodeAt(0) % 16).toString(16))
      .toUpperCase();
    const uuid = [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20),
    ].join("-");
    const seen = TODAY - int(2_500_000);
    return {
      browsers: oneIn(12)
        ? []
        : [
            {
              browser_family,
              browser_version: `${100 + int(30)}.0.${int(7000)}.${int(200)}`,
              flash_version: "uninstalled",
              java_version: "uninstalled",
              ...(oneIn(2) && { last_used: seen }),
            },
          ],
      computer_sid: "",
      cpu_id: "",
      device_id: "",
      device_identifier: isManaged ? uuid : "",
      device_identifier_type: isManaged ? "hardware_uuid" : "",
      device_name: isManaged ? `${os_family === "Windows" ? "WS" : "MAC"}-${text(6)}` : "",
      device_udid: "",
      device_username: isManaged ? `${handle}’s computer/${handle}` : "",
      device_username_type: isManaged ? "os_username" : "",
      disk_encryption_status: isManaged ? pick(["On", "On", "Off"]) : "Unknown",
      domain_sid: "",
      email,
      epkey: this.#id("EP", index),
      firewall_status: isManaged ? pick(["On", "On", "Off"]) : "Unknown",
      hardware_uuid: isManaged ? uuid : "",
      health_app_client_version: isManaged ? "6.12.0.0" : "",
      health_data_last_collected: isManaged ? seen : "",
      last_updated: seen,
      machine_guid: "",
      model,
      os_build: isManaged ? String(20_000 + int(3_000)) : "",
      os_family,
      os_version,
      password_status: isManaged ? pick(["Set", "Set", "Unset"]) : "Unknown",
      security_agents:
        isManaged && oneIn(2)
          ? [{ security_agent: "Invented Endpoint Guard", version: `7.${int(20)}.1` }]
          : [],
      ...(!oneIn(8) && { trusted_endpoint: pick(["yes", "no", "unknown"]) }),
      type: "",
      username,
      ...(index % 6 === 1 && { alternative_ids: [] }),
    };
  }

  #admin(index: number): Json {
    return {
      admin_id: this.#id("DE", index),
      created: index % 2 === 0 ? null : TODAY - 90_000_000,
      email: `admin${index}@example.com`,
      last_login: TODAY - 5_000,
      name: `Admin ${index}`,
    };
  }

  #tokenCore(index: number): Json {
    const { int, pick } = this.#dice("token", index);
    const type = pick(["h6", "h8", "yk", "d1"]);
    return { serial: String(100_000 + int(900_000)), token_id: this.#id("DH", index), type };
  }

  #token(index: number): Json {
    const { firstname: _first, lastname: _last, ...user } = this.#reducedUser(index);
    const hasAdmin = index % 11 === 4;
    return {
      ...this.#tokenCore(index),
      admins: hasAdmin ? [this.#admin(index)] : [],
      ...(index % 3 !== 0 && { totp_step: index % 3 === 1 ? null : 30 }),
      users: index < this.sizes.users ? [user] : [],
    };
  }

  #isAdminKey(index: number): boolean {
    return index % 20 === 7;
  }

  #webauthnCore(index: number): Json {
    const { int, pick } = this.#dice("webauthn", index);
    const label = pick(["Security Key", "Touch ID", "Windows Hello", "iCloud Keychain"]);
    return {
      credential_name: label,
      date_added: TODAY - int(50_000_000),
      label,
      webauthnkey: this.#id("WA", index),
    };
  }

  #webauthn(index: number): Json {
    const owner = this.#isAdminKey(index)
      ? { admin: this.#admin(index) }
      : { user: this.#reducedUser(index) };
    return { ...this.#webauthnCore(index), ...owner };
  }

  #desktop(index: number): Json {
    const { oneIn, text } = this.#dice("desktop", index);
    return {
      daid: 365 + index,
      dakey: this.#id("DD", index),
      device_name: `DESKTOP-${text(7)}`,
      duo_desktop_version: "6.12.0",
      os_family: oneIn(4) ? "macOS" : "Windows",
      user: this.#reducedUser(index),
    };
  }
}
