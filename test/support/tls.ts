/** A company's network on this machine: TLS with a certificate of its own, and a proxy that tunnels. */

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { temporaryDirectory } from "./collector.ts";

const run = promisify(execFile);

async function listen(server: http.Server | https.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

/** A server that speaks TLS in front of another on this machine; `ca` is the file of the certificate to trust. */
export async function startTls(target: string): Promise<{ readonly port: number; readonly ca: string }> {
  const directory = await temporaryDirectory();
  const [key, ca] = [join(directory, "key.pem"), join(directory, "certificate.pem")];
  const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
  const made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=example";
  await run("openssl", [...made.split(" "), "-addext", names, "-keyout", key, "-out", ca]);
  const server = https.createServer(
    { key: await readFile(key), cert: await readFile(ca) },
    (request, response) => {
      const { url = "/", method, headers } = request;
      const inner = http.request(new URL(url, target), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      request.pipe(inner);
    },
  );
  return { port: await listen(server), ca };
}

/**
 * A proxy that tunnels what CONNECT asks for, or answers with another status, or with 0 closes the connection. `asked` are the hosts in order, `logins`
 * the credentials that came with each.
 */
export async function startProxy(
  status = 200,
): Promise<{ readonly url: string; readonly asked: string[]; readonly logins: (string | undefined)[] }> {
  const asked: string[] = [];
  const logins: (string | undefined)[] = [];
  const server = http.createServer();
  server.on("connect", (request: http.IncomingMessage, socket: net.Socket) => {
    asked.push(request.url ?? "");
    logins.push(request.headers["proxy-authorization"]);
    if (status === 0) {
      socket.end();
      return;
    }
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    const [, port] = (request.url ?? "").split(":");
    const tunnel = net.connect(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on("error", () => socket.destroy());
    socket.on("error", () => tunnel.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, asked, logins };
}
