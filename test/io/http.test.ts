import { once } from "node:events";
import http from "node:http";
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { AnswerTooLong, httpTransport } from "../../src/io/http.ts";

async function serve(listener: http.RequestListener): Promise<{ server: http.Server; url: string }> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/` };
}

const never = new AbortController().signal;

test("a connection is closed before the server would close it", async () => {
  const { server, url } = await serve((_, response) => {
    response.writeHead(200, { "keep-alive": "timeout=2" }).end("{}");
  });
  // The server itself keeps it open.
  server.keepAliveTimeout = 0;
  const connected = once(server, "connection");
  await httpTransport(url, {}, never);
  const [socket]: Socket[] = await connected;
  await once(socket ?? server, "close");
});

test("a body of more than 64 MB is given up", async () => {
  const { url } = await serve((_, response) => {
    const chunk = Buffer.alloc(1 << 20, " ");
    const write = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", write);
    write();
  });
  await expect(httpTransport(url, {}, never)).rejects.toBeInstanceOf(AnswerTooLong);
});
