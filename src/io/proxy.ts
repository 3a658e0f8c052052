/** Proxies, as `HTTPS_PROXY` and `NO_PROXY` name them, for requests by https. */

import type http from "node:http";
import https from "node:https";
import { Agent, type AgentConnectOpts } from "agent-base";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { ConfigError } from "./errors.ts";

/** As in http.ts. */
const KEPT = { keepAlive: true, timeout: 4_000 } as const;

const NAMES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] as const;

/** What is wrong with a variable that does not hold the address of a proxy. */
export function proxyFault(name: string): string {
  return `${name} must be the address of an HTTP proxy, such as http://proxy.example.com:8080.`;
}

/** Whether `NO_PROXY` names a domain that the host is in. proxy-from-env wants a dot before it, most others do not. */
function isBelowException({ hostname, port }: URL): boolean {
  const actual = port || "443";
  const exceptions = process.env["no_proxy"] || process.env["NO_PROXY"] || "";
  return exceptions.split(/[,\s]+/).some((entry) => {
    const [name = "", only = actual] = entry.toLowerCase().split(":");
    return name !== "" && only === actual && hostname.endsWith(`.${name}`);
  });
}

/**
 * The proxy for a URL; undefined when the request goes straight to its host.
 *
 * @throws ConfigError when the variable does not hold the address of a proxy. Its value, which may hold a
 *   password, is not shown.
 */
export function proxyFor(url: string): URL | undefined {
  const found = getProxyForUrl(url);
  if (found === "" || isBelowException(new URL(url))) return undefined;
  // proxy-from-env reads an address without a scheme as https; curl and most others read it as http.
  const bare = found.replace(/^https:\/\//, "");
  const isBare = bare !== found && NAMES.some((name) => process.env[name] === bare);
  const address = isBare ? `http://${bare}` : found;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  if (proxy?.protocol !== "http:" && proxy?.protocol !== "https:") {
    const name = NAMES.find((one) => (process.env[one] ?? "") !== "") ?? "HTTPS_PROXY";
    throw new ConfigError(proxyFault(name));
  }
  return proxy;
}

/** A proxy's tunnels. One that the proxy closes before it is open fails as every connection that is cut does. */
class Tunnels extends HttpsProxyAgent<string> {
  override async connect(request: http.ClientRequest, options: AgentConnectOpts) {
    try {
      return await super.connect(request, options);
    } catch (error) {
      if (!(error instanceof Error) || "code" in error) throw error;
      throw Object.assign(error, { code: "ECONNRESET" });
    }
  }
}

/** Sends each request through the proxy of its host, or straight to it. Connections are kept open. */
class ProxyAgent extends Agent {
  readonly #direct = new https.Agent(KEPT);
  readonly #proxied = new Map<string, http.Agent>();

  override connect(_request: http.ClientRequest, { host, port }: AgentConnectOpts): http.Agent {
    const name = host?.includes(":") ? `[${host}]` : host;
    const proxy = proxyFor(`https://${name}:${port}`);
    if (proxy === undefined) return this.#direct;
    const agent = this.#proxied.get(proxy.href) ?? new Tunnels(proxy, KEPT);
    this.#proxied.set(proxy.href, agent);
    return agent;
  }

  override destroy(): void {
    this.#direct.destroy();
    for (const agent of this.#proxied.values()) agent.destroy();
    super.destroy();
  }
}

/** An agent that goes through the proxies that the environment names; undefined when it names none. */
export function proxyAgent(): http.Agent | undefined {
  const isAny = NAMES.some((name) => (process.env[name] ?? "") !== "");
  return isAny ? new ProxyAgent() : undefined;
}
