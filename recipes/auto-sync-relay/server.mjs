// The relay behind Node's own HTTP server: `node server.mjs`. TLS is the business of the proxy in front of it.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { createRelay, settingsFrom } from './relay.mjs';

const relay = createRelay(settingsFrom(process.env));

// Node looks only every so often whether a limit is over, every 30 s unless told otherwise.
const limits = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };

const server = createServer(limits, async (incoming, outgoing) => {
  const { status, headers, body } = await relay({
    method: incoming.method,
    headers: new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    body: Readable.toWeb(incoming),
  });
  // Whoever sends too much is not listened to until the end.
  outgoing.writeHead(status, { ...headers, Connection: 'close' }).end(body);
});
server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? '0.0.0.0', () => {
  console.log(`relay: listening on port ${server.address().port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
