// examples/paytr-forwarder.nginx.conf, in nginx: the relay in workerd asks it over TLS, and it asks a PayTR at two
// addresses, which is the sandbox behind TLS.
//
// In scope: what is passed on, how often, and what is not. Replaced in the file are the port, its own name, and the paths of
// certificates and log. Not in scope: the look-up of PayTR's name, in whose place there is a group of servers of that name;
// time-outs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { createServer, request as httpsRequest } from "node:https";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { before, beforeEach, describe, it } from "node:test";
import { once } from "node:events";
import getPort from "get-port";
import { inRoot } from "../../scripts/paths.mjs";
import { Service } from "../../scripts/processes.mjs";
import { endings, ownFolder } from "../support/ends.mjs";
import { listen } from "../support/listen.mjs";
import { post } from "../support/message.mjs";
import { startRelays } from "../support/relay.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { findNginx, whySkip } from "../support/tools.mjs";
import { until } from "../support/until.mjs";

const PAYTR = "www.paytr.com";
const CREATE = "/odeme/api/link/create";
const FORM = "id=NB2Zlz3&cell_phone=05321234567&paytr_token=abc";

describe("the forwarder", { skip: whySkip(["nginx", "openssl"]) }, () => {
  const keep = endings();
  const directory = ownFolder("forwarder");
  let sandbox;
  let relays;
  let nginx;
  let paytr;
  let port;
  const certificates = {};

  before(async () => {
    for (const name of ["localhost", PAYTR, "other.example"]) certificates[name] = makeCertificate(directory, name);
    sandbox = await keep(startSandbox());
    paytr = await keep(startPaytr(certificates, sandbox.url));
    port = await getPort({ host: "127.0.0.1" });
    nginx = await keep(startNginx(directory, port, paytr.ports, certificates));
    relays = await keep(startRelays(`https://localhost:${port}`, { relay: {} }, certificates.localhost.pem));
  });
  beforeEach(() => paytr.reset());

  const ask = (id, message) => post(relays.urls.relay, message, id);

  /** Asks the forwarder itself, and resolves with the status. */
  async function askForwarder(path, { method = "POST", headers = {}, body = FORM } = {}) {
    const options = { host: "localhost", port, path, method, ca: certificates.localhost.pem, agent: false };
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const request = httpsRequest({ ...options, headers: { ...type, ...headers } });
    request.end(method === "POST" ? body : undefined);
    const [response] = await once(request, "response");
    await buffer(response);
    return response.statusCode;
  }

  const paths = () => paytr.seen.map(({ path }) => path);

  it("passes a create and its sends on, once each", async () => {
    const send = { cell_phone: "05321234567", email: "musteri@example.com" };
    const data = { name: "Sipariş 1001", price: 158000, reference: "1001", send };
    const { outcome, sends } = await ask("msg_create", { type: "link.create", data });
    assert.deepEqual([outcome, sends.map((each) => each.outcome)], ["created", ["sent", "sent"]]);
    assert.deepEqual(paths().sort(), [CREATE, "/odeme/api/link/send-email", "/odeme/api/link/send-sms"]);
    assert.equal((await sandbox.outbox.to("05321234567")).length, 1);
  });

  it("passes a delete on", async () => {
    const { link } = await ask("msg_to_delete", { type: "link.create", data: { name: "Sipariş 1002", price: 100 } });
    const { deleted } = await ask("msg_delete", { type: "link.delete", data: { ids: [link.id] } });
    assert.deepEqual(deleted, [link.id]);
    assert.deepEqual(paths(), [CREATE, "/odeme/api/link/delete"]);
  });

  it("shows PayTR nothing of where a call comes from", async () => {
    const headers = { "cf-connecting-ip": "192.0.2.1", "cf-worker": "shop.example", "cdn-loop": "cloudflare", cookie: "a=b", "user-agent": "paytr-link-relay/0.1.0" };
    await askForwarder(`${CREATE}?a=b`, { headers });
    const [{ path, headers: got }] = paytr.seen;
    assert.equal(path, CREATE);
    assert.deepEqual(got, {
      host: PAYTR,
      connection: "close",
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(FORM.length),
      "user-agent": "paytr-link-relay/0.1.0",
    });
  });

  for (const [what, path, options, status] of [
    ["another page of PayTR's", "/", {}, 404],
    ["another API of PayTR's", "/odeme/api/get-token", {}, 404],
    ["another call of the Link API", "/odeme/api/link/list", {}, 404],
    ["a path below a call", `${CREATE}/x`, {}, 404],
    ["a path out of a call", `${CREATE}/../../x`, {}, 404],
    ["a path that hides where it leads", "/odeme/api/link/create%2f..%2fget-token", {}, 404],
    ["anything but POST", CREATE, { method: "GET" }, 403],
    ["a large body", CREATE, { body: "a".repeat(65_537) }, 413],
  ]) {
    it(`does not pass on ${what}`, async () => {
      assert.equal(await askForwarder(path, options), status);
      assert.deepEqual(paths(), []);
    });
  }

  it("asks once when PayTR breaks off, though PayTR has another address", async () => {
    paytr.breaksOff = true;
    const answer = await ask("msg_broken_off", { type: "link.send_sms", data: { id: "NB2Zlz3", cell_phone: "05321234568" } });
    assert.deepEqual([answer.status, answer.code, answer.resend_safe], [502, "outcome-unknown", false]);
    assert.deepEqual(paths(), ["/odeme/api/link/send-sms"]);
    const { reason, paytr_http_status } = relays.log().find(({ webhook_id }) => webhook_id === "msg_broken_off");
    assert.deepEqual([reason, paytr_http_status], ["server-error", 502]);
  });

  it("tells nothing to somebody who is not PayTR", async () => {
    paytr.showsCertificateOf("other.example");
    assert.equal(await askForwarder(CREATE), 502);
    assert.deepEqual(paths(), []);
    assert.match(nginx.output(), /upstream SSL certificate verify error|upstream SSL certificate does not match/);
  });

  it("refuses who asks too often, and PayTR hears nothing of it", async () => {
    const statuses = await Promise.all(Array.from({ length: 250 }, () => askForwarder(CREATE)));
    const refused = statuses.filter((status) => status === 429).length;
    assert.ok(refused > 0, "nobody was refused");
    assert.equal(paths().length, statuses.length - refused);
  });

  it("writes down no body", () => {
    const log = readFileSync(join(directory, "access.log"), "utf8");
    assert.match(log, /^\S+ POST \/odeme\/api\/link\/send-sms 200 \S+ 200 [\d.]+$/m);
    assert.doesNotMatch(log + nginx.output(), /0532|musteri|paytr_token|cell_phone/);
  });
});

/** A certificate that vouches for itself, for a name. */
function makeCertificate(directory, name) {
  const [keyFile, file] = ["key", "pem"].map((ending) => join(directory, `${name}.${ending}`));
  const identity = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  const files = ["-nodes", "-keyout", keyFile, "-out", file];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", ...identity, ...files], { stdio: "ignore" });
  return { keyFile, file, key: readFileSync(keyFile, "utf8"), pem: readFileSync(file, "utf8") };
}

/** PayTR at two addresses: passes on to the sandbox over TLS, and keeps what came. */
async function startPaytr(certificates, sandboxUrl) {
  const paytr = { seen: [], breaksOff: false };
  const pass = async (request, response) => {
    const body = await buffer(request);
    const { url: path, headers } = request;
    paytr.seen.push({ path, headers });
    if (paytr.breaksOff) return request.socket.destroy();
    const onward = httpRequest(new URL(path, sandboxUrl), { method: "POST", headers, agent: false });
    onward.end(body);
    const [answer] = await once(onward, "response");
    response.writeHead(answer.statusCode, answer.headers);
    return answer.pipe(response);
  };
  const identity = (name) => ({ key: certificates[name].key, cert: certificates[name].pem });
  const servers = [1, 2].map(() => createServer(identity(PAYTR), pass));
  const listening = await Promise.all(servers.map((server) => listen(server)));
  paytr.ports = listening.map(({ port }) => port);
  paytr.showsCertificateOf = (name) => servers.forEach((server) => server.setSecureContext(identity(name)));
  paytr.reset = () => {
    paytr.seen.length = 0;
    paytr.breaksOff = false;
    paytr.showsCertificateOf(PAYTR);
  };
  paytr.stop = () => listening.forEach(({ stop }) => stop());
  return paytr;
}

/** nginx with the file, on a port, and PayTR on others. */
async function startNginx(directory, port, paytrPorts, certificates) {
  const { localhost } = certificates;
  const place = "/etc/letsencrypt/live/paytr-forwarder.shop.example";
  const trusted = join(directory, "trusted.pem");
  writeFileSync(trusted, certificates[PAYTR].pem + certificates["other.example"].pem);
  const replacements = [
    ["listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`],
    ["server_name paytr-forwarder.shop.example;", "server_name localhost;"],
    [`${place}/fullchain.pem`, localhost.file],
    [`${place}/privkey.pem`, localhost.keyFile],
    ["/etc/ssl/certs/ca-certificates.crt", trusted],
    ["/var/log/nginx/paytr-forwarder.log", join(directory, "access.log")],
  ];
  let forwarder = readFileSync(inRoot("examples/paytr-forwarder.nginx.conf"), "utf8");
  for (const [text, other] of replacements) {
    assert.equal(forwarder.split(text).length, 2, `${text} does not stand there once`);
    forwarder = forwarder.replace(text, other);
  }
  const file = join(directory, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${directory}/${name};`);
  const servers = paytrPorts.map((each) => `server 127.0.0.1:${each} max_fails=0;`);
  writeFileSync(
    file,
    `daemon off; pid ${directory}/nginx.pid; error_log stderr; worker_processes 1; events {}
http { ${temporary.join(" ")} upstream ${PAYTR} { ${servers.join(" ")} }
${forwarder}}`,
  );
  const nginx = new Service("nginx", findNginx(), ["-e", "stderr", "-p", directory, "-c", file]);
  await until(() => isOpen(port), Boolean).catch(() => assert.fail(`nginx does not listen:\n${nginx.output()}`));
  return nginx;
}

async function isOpen(port) {
  const request = httpRequest({ host: "127.0.0.1", port, agent: false }).end();
  return Promise.race([once(request, "response").then(() => true), once(request, "error").then(() => false)]).catch(() => false);
}
