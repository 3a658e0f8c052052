import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { duoUdm } from "../support/cli.ts";
import { COLLECTED_AT } from "../support/fixtures.ts";

const PEOPLE = ["ada", "bert", "chi"] as const;
const userOf = (name: string, at: number) => ({
  user_id: `DUGATE0000000000000${at}`,
  username: name,
  email: `${name}@example.com`,
  realname: name,
  status: "active",
  is_enrolled: true,
});
const USERS = PEOPLE.map(userOf);

const phone = (at: number, platform: string, model: string) => ({
  phone_id: `DPGATE0000000000000${at}`,
  number: `+1503555010${at}`,
  type: "Mobile",
  platform,
  model,
  os_version: "17.1",
  activated: true,
  last_seen: "2026-01-01T12:00:00",
  capabilities: ["auto", "push", "sms"],
  encrypted: "Encrypted",
  fingerprint: "Configured",
  screenlock: "Locked",
  tampered: "Not tampered",
  users: [USERS[at]],
});

const endpoint = (at: number, osFamily: string, osVersion: string) => ({
  epkey: `EPGATE0000000000000${at}`,
  hardware_uuid: `7B9D2C10-0000-4000-8000-00000000000${at}`,
  device_name: `${PEOPLE[at]}-laptop`,
  email: `${PEOPLE[at]}@example.com`,
  username: PEOPLE[at],
  os_family: osFamily,
  os_version: osVersion,
  model: "Laptop",
  type: "",
  last_updated: 1767225600,
  browsers: [{ browser_family: "Chrome", browser_version: "143.0", flash_version: "uninstalled" }],
  security_agents: [{ security_agent: "Defender", version: "4.18" }],
  disk_encryption_status: "On",
  firewall_status: "On",
  password_status: "Set",
  trusted_endpoint: "yes",
});

/** An account as one would wish for: every device has a user, every user an address. */
const ACCOUNT: { readonly [resource: string]: readonly object[] } = {
  users: USERS.map((user, at) => ({
    ...user,
    phones: [phone(at, "Apple iOS", "Apple iPhone 15")].map(({ users, ...rest }) => rest),
    groups: [{ group_id: "DGGATE00000000000000", name: "Staff", desc: "Everybody" }],
  })),
  groups: [{ group_id: "DGGATE00000000000000", name: "Staff", desc: "Everybody", status: "Active" }],
  phones: [
    phone(0, "Apple iOS", "Apple iPhone 15"),
    phone(1, "Google Android", "Pixel 9"),
    { ...phone(2, "Unknown", "Unknown"), type: "Landline", activated: false, os_version: "" },
  ],
  endpoints: [endpoint(0, "Windows", "11"), endpoint(1, "Mac OS X", "15.1"), endpoint(2, "Linux", "6.12")],
  tokens: [{ token_id: "DHGATE00000000000000", serial: "0", type: "d1", users: [USERS[0]], admins: [] }],
  webauthncredentials: [
    {
      webauthnkey: "WAGATE00000000000000",
      credential_name: "Touch ID",
      date_added: 1767225600,
      user: USERS[0],
    },
  ],
  desktop_authenticators: [
    { dakey: "DAGATE00000000000000", daid: 1, device_name: "ada-desk", os_family: "Windows", user: USERS[0] },
  ],
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "duo-udm-"));
  for (const [resource, response] of Object.entries(ACCOUNT)) {
    const page = JSON.stringify({ stat: "OK", response, metadata: { total_objects: response.length } });
    await writeFile(join(folder, `duo-${resource}-00000.json`), page);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The status of `check --strict`, and how often each code with a severity other than info was found. */
async function strict(input: string, ...options: string[]) {
  const argv = ["check", input, "--strict", "--format", "json", "--collected-at", COLLECTED_AT, ...options];
  const { status, stdout } = await duoUdm(argv);
  const { issues }: { issues: { code: string; severity: string; path?: string }[] } = JSON.parse(stdout);
  const told = issues
    .filter(({ severity }) => severity !== "info")
    .map(({ code, path }) => `${code} ${path}`);
  return { status, told };
}

describe("check --strict", () => {
  it.each([["--profile=vendor"], ["--profile=enriched"]])(
    "passes a good account with %s",
    async (profile) => {
      expect(await strict(folder, profile)).toEqual({ status: 0, told: [] });
    },
  );

  it("fails a phone among the endpoints by the vendor's table, unless the code is ignored", async () => {
    const file = join(folder, "phone.json");
    const { hardware_uuid, ...rest } = endpoint(0, "iOS", "17.1");
    await writeFile(file, JSON.stringify({ stat: "OK", response: [rest] }));
    expect(await strict(file)).toEqual({ status: 1, told: ["PLATFORM_UNMAPPED os_family"] });
    expect((await strict(file, "--ignore", "PLATFORM_UNMAPPED")).status).toBe(0);
    expect(await strict(file, "--profile=enriched")).toEqual({ status: 0, told: [] });
  });
});
