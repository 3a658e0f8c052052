/** Helpers of the SecOps tests: a stand-in, and a way to it. */

import { onTestFinished, vi } from "vitest";
import type { Credentials } from "../../src/secops/auth.ts";
import {
  type SecopsSimulator,
  type SecopsSimulatorOptions,
  startSecops,
} from "../../src/simulator/secops.ts";

export const INSTANCE = "projects/example-project/locations/us/instances/0a1b2c3d";

export async function secops(options: SecopsSimulatorOptions = {}): Promise<SecopsSimulator> {
  const started = await startSecops(options);
  onTestFinished(() => started.close());
  return started;
}

/** Makes the stand-in what google-auth-library finds, and nothing else, until the test ends. */
export function findCredentialsAt({ env }: Pick<SecopsSimulator, "env">): void {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", "");
  vi.stubEnv("CLOUDSDK_CONFIG", "/nonexistent");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

/** Credentials that count their tokens. */
export function countedTokens(): Credentials & { readonly tokens: number } {
  let tokens = 1;
  return {
    get tokens() {
      return tokens;
    },
    headers: async (isStale) => {
      if (isStale) tokens++;
      return { authorization: `Bearer token-${tokens}` };
    },
  };
}

/** An asset with an owner, of which preflight has nothing to say. */
export function asset(id: string, more: object = {}): unknown {
  return {
    entity: { asset: { product_object_id: id, hostname: `host-${id}` } },
    metadata: {
      collected_timestamp: "2026-01-02T03:04:05Z",
      entity_type: "ASSET",
      product_name: "Duo Entity Context Data",
      vendor_name: "Duo",
    },
    relations: [
      {
        entity: { user: { email_addresses: ["ada@example.com"] } },
        entity_type: "USER",
        relationship: "OWNS",
      },
    ],
    ...more,
  };
}
