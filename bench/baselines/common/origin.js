// Origins as a browser writes them, and what an allowed page's browser is told.

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
const NAME = /^(?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/;

export function isSecureOrigin(text) {
  const match = /^(https?):\/\/(\[::1\]|[^:[\]]+)(?::([1-9]\d{0,4}))?$/.exec(text);
  if (!match) return false;
  const [, scheme, host, port] = match;
  if (port !== undefined && (Number(port) > 65535 || Number(port) === (scheme === "https" ? 443 : 80))) return false;
  return LOOPBACK.includes(host) || (scheme === "https" && NAME.test(host));
}

/** Adds what lets an allowed page read the answer. Without an `origin` nothing is added. */
export function withCors(response, method, origin, allowedOrigins) {
  const headers = new Headers(response.headers);
  headers.append("vary", "origin");
  if (allowedOrigins.includes(origin)) {
    headers.set("access-control-allow-origin", origin);
    headers.set("access-control-expose-headers", "retry-after, idempotency-replayed");
    if (method === "OPTIONS") {
      headers.set("access-control-allow-methods", "POST");
      headers.set(
        "access-control-allow-headers",
        "content-type, webhook-id, webhook-timestamp, webhook-signature",
      );
      headers.set("access-control-max-age", "86400");
    }
  }
  return new Response(response.body, { status: response.status, headers });
}
