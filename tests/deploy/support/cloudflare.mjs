// An account at Cloudflare, played on this machine, for wrangler to deploy to.
//
// In scope: the calls of wrangler's `deploy` and `secret put`, answered as wrangler's source expects them to be, and a
// Worker's secrets, which a deploy inherits or fails for. Not in scope: running what was uploaded.
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { listen } from "../../support/listen.mjs";

const NO_SUCH_WORKER = { code: 10007, message: "This Worker does not exist on your account." };
const missing = (secret) => ({
  code: 10057,
  message: `inherit binding '${secret}' is invalid: there is none to inherit`,
});

const ENABLED = { enabled: true, previews_enabled: true };
const RESULTS = { "GET /deployments": { deployments: [] }, "POST /subdomain": ENABLED };

/** Starts an account without Workers. Resolves with it; `env` leads wrangler to it. */
export async function startAccount() {
  const account = new Account();
  const server = createServer(async (request, response) => {
    const { result = null, errors = [] } = await account.answer(request, await buffer(request));
    const body = JSON.stringify({ success: errors.length === 0, errors, messages: [], result });
    response.writeHead(errors.length === 0 ? 200 : 400, { "content-type": "application/json" }).end(body);
  });
  const { url, stop } = await listen(server);
  account.env = {
    CLOUDFLARE_API_BASE_URL: `${url}/client/v4`,
    CLOUDFLARE_API_TOKEN: "made-up",
    CLOUDFLARE_ACCOUNT_ID: "0".repeat(32),
  };
  account.stop = stop;
  return account;
}

class Account {
  /** By a Worker's name: `{ secrets, uploads }`, the names of its secrets and each upload's `{ metadata, modules }`. */
  workers = {};

  async answer({ method, url, headers }, body) {
    const [, kind, name, rest = ""] = /\/workers\/(services|scripts|workers)\/([^/?]+)(\/[^?]*)?/.exec(url) ?? [];
    if (!name) return { result: url.endsWith("/workers/subdomain") ? { subdomain: "your-subdomain" } : {} };
    const isUpload = method === "PUT" && kind === "scripts" && rest === "";
    if (isUpload) return this.#upload(name, await formOf(headers, body));
    const worker = this.workers[name];
    if (!worker) return { errors: [NO_SUCH_WORKER] };
    const environment = { environment: "production", script: { tags: [] } };
    if (kind === "services") return { result: { default_environment: environment } };
    if (kind === "workers") return { result: { subdomain: {} } };
    if (rest === "/secrets-bulk") Object.keys(JSON.parse(body).secrets).forEach((secret) => worker.secrets.add(secret));
    if (method === "PUT" && rest === "/secrets") worker.secrets.add(JSON.parse(body).name);
    if (method === "GET" && rest === "/secrets")
      return { result: [...worker.secrets].map((secret) => ({ name: secret, type: "secret_text" })) };
    return { result: RESULTS[`${method} ${rest}`] ?? {} };
  }

  #upload(name, form) {
    const metadata = JSON.parse(form.get("metadata"));
    const secrets = new Set(this.workers[name]?.secrets);
    for (const { type, name: binding } of metadata.bindings) if (type === "secret_text") secrets.add(binding);
    const inherited = metadata.bindings.filter(({ type }) => type === "inherit").map((binding) => binding.name);
    const errors = inherited.filter((binding) => !secrets.has(binding)).map(missing);
    if (errors.length > 0) return { errors };
    const files = [...form].filter(([part]) => part !== "metadata");
    const modules = Object.fromEntries(files.map(([part, file]) => [part, file.size]));
    const uploads = [...(this.workers[name]?.uploads ?? []), { metadata, modules }];
    this.workers[name] = { secrets, uploads };
    return { result: { id: name, etag: "etag", deployment_id: "0".repeat(32), startup_time_ms: 1 } };
  }
}

const formOf = (headers, body) =>
  new Response(body, { headers: { "content-type": headers["content-type"] } }).formData();
