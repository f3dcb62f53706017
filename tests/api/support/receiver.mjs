// The shop's end of the events: keeps what comes, answers as it is told.
import { createServer } from "node:http";
import { listen } from "../../support/listen.mjs";
import { until } from "../../support/until.mjs";

/** Starts a receiver. It takes events under any path, each of which is a mailbox of its own. */
export async function startReceiver() {
  const events = [];
  const statuses = {};
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    events.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(statuses[request.url] ?? 204).end();
  });
  const { url, stop } = await listen(server);
  return {
    url,
    stop,
    /** What a path answers from now on. */
    answer(path, status) {
      statuses[path] = status;
    },
    /** Waits until so many events have come to a path, and resolves with all of them. */
    events(path, count) {
      return until(() => events.filter((event) => event.path === path), (there) => there.length >= count);
    },
  };
}
