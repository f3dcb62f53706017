// A flaky proxy between a shop and the relay: it passes requests on, and loses answers on demand.
import { createServer, request } from "node:http";
import { listen } from "./listen.mjs";

/**
 * Listens on a free port and passes everything on to `target`. `lose(n)` says of the n-th request, counted from 1, what
 * is lost: "request" (it never arrives), "answer" (it arrives, and the caller's connection closes after the answer
 * came), "half" and "half a chunk" (half of the answer's body comes, of one with and one without a content-length),
 * "patience" (it arrives, and the caller's connection closes at once), or nothing.
 */
export async function startFlakyProxy(target, lose) {
  const seen = [];
  const server = createServer((incoming, outgoing) => {
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      const { headers } = incoming;
      const entry = { id: headers["webhook-id"], timestamp: headers["webhook-timestamp"], body: body.toString() };
      seen.push(entry);
      const lost = lose(seen.length);
      const hangUp = () => incoming.socket.destroy();
      if (lost === "request") return hangUp();
      const onward = request(new URL(incoming.url, target), { method: incoming.method, headers: { ...headers, host: new URL(target).host } });
      onward.on("response", (answer) => {
        entry.status = answer.statusCode;
        if (lost === "half" || lost === "half a chunk") return passHalf(answer, outgoing, lost === "half a chunk");
        if (lost) {
          answer.resume();
          answer.on("end", hangUp);
          return undefined;
        }
        outgoing.writeHead(answer.statusCode, answer.headers);
        return answer.pipe(outgoing);
      });
      onward.on("error", hangUp);
      onward.end(body);
      // A moment, so that the relay has begun.
      if (lost === "patience") setTimeout(hangUp, 300);
      return undefined;
    });
  });
  return { seen, ...(await listen(server)) };
}

/** Ends the connection in an orderly way after half of the body, which is the way that is easiest to overlook. */
async function passHalf(answer, outgoing, isChunked) {
  const body = Buffer.concat(await answer.toArray());
  const { "content-length": _length, "transfer-encoding": _encoding, ...headers } = answer.headers;
  outgoing.writeHead(answer.statusCode, isChunked ? headers : { ...headers, "content-length": body.length });
  outgoing.write(body.subarray(0, body.length / 2), () => outgoing.socket.end());
}
