/** What the simulators share: replies, whole or broken off, on a port of this machine. */

import type http from "node:http";

export interface Reply {
  /** 0: the connection is closed without an answer. */
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many bytes of the body are sent before the connection is closed. */
  readonly breakAfter?: number;
  /** The body is sent again and again, until the reader closes the connection. */
  readonly isEndless?: boolean;
}

/** The answer of a load balancer while the service behind it is down. */
export const BAD_GATEWAY =
  "<html>\n<head><title>Bad Gateway</title></head>\n<body>\n<center><h1>Bad Gateway</h1></center>\n</body>\n</html>\n";

export function send(response: http.ServerResponse, reply: Reply): void {
  const { status, body, headers, breakAfter, isEndless = false } = reply;
  if (status === 0) {
    response.destroy();
    return;
  }
  const bytes = Buffer.from(body);
  if (isEndless) {
    response.writeHead(status, headers);
    const write = () => {
      while (!response.destroyed && response.write(bytes));
    };
    response.on("drain", write);
    write();
    return;
  }
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": bytes.length,
    ...headers,
  });
  if (breakAfter === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, breakAfter), () => response.destroy());
}

/** Makes a server listen on 127.0.0.1; port 0 is any free one. */
export async function listen(
  server: http.Server,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
