// `npm run explain` with what a person has in hand: what it says, and whether it ends with 0.
//
// In scope: every kind of capture, with a slip in it, and captures without a body. Not in scope: that each form is
// read to the byte (forms.test.mjs); every slip (slips.test.mjs, clients.test.mjs).
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import { EVENTS_SECRET, FOREIGN_SECRET, SECRET } from "../support/secrets.mjs";
import { NOW, assertExplained, ownFolder, traceRows } from "./support.mjs";
import { CODE, COMMANDS, DUMPS, JSON_FILES, OTHER_CODE, har, harEntry } from "./written.mjs";

const BODY = '{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"0532 123 45 67"}}';
const EVENT = '{"type":"link.paid","data":{"reference":"1001/2"}}';
const SPACED = BODY.replaceAll(/[,:](?=["{])/g, "$& ");
const RAW = DUMPS["raw HTTP, as Postman shows it"];
const LARAVEL = DUMPS["Laravel's dd of the headers"];
const POSTMAN = COMMANDS["curl of Postman"];
const CHROME = COMMANDS["curl, copied from Chrome for sh"];
const CMD = COMMANDS["curl, copied from Chrome for cmd"];
const POWERSHELL = COMMANDS["PowerShell, copied from Chrome"];
const FETCH = CODE["fetch, copied from Chrome"];
const PHP_CURL = CODE["PHP's curl of Postman"];
const GUZZLE = CODE["Guzzle of Postman"];
const PYTHON = OTHER_CODE["Python's requests"];
const keyOf = (secret) => Buffer.from(secret.slice("whsec_".length), "base64");

/** A request whose parts are given where they are not right: `{url, headers, body}`. */
function request({
  url = "https://relay.example/webhook",
  type = "application/json",
  id = "msg_1",
  timestamp = String(NOW),
  body = BODY,
  key = keyOf(SECRET),
  text = `${id}.${timestamp}.${body}`,
  write = (mac) => `v1,${mac.toString("base64")}`,
  without,
} = {}) {
  const headers = {
    "content-type": type,
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": write(createHmac("sha256", key).update(text).digest()),
  };
  return { url, headers: Object.entries(headers).filter(([name]) => name !== without), body };
}

const right = request();
const rightHeaders = Object.fromEntries(right.headers);
/** The commonest slip: JSON that was written once for the signature, and once more for sending. */
const rewritten = request({ text: `msg_1.${NOW}.${SPACED}` });
const REWRITTEN = /The signed body is another text than the one that arrived: JSON spaced\./;
const NO_BODY = /^(?:Entry 1 of 1 .*\n\n)?No body found, and the signature is made over the body\.\n/;
const RIGHT = /^The signature is right, and so are the three headers\.\n/;
const withoutBody = (write) => write({ ...right, body: "" }).trimEnd();

const trace = ({ headers, body }) => {
  const head = ["POST /webhook HTTP/1.1", ...headers.map((pair) => pair.join(": ")), "", ""].join("\r\n");
  return [...traceRows("=> Send header", head), ...traceRows("=> Send data", body)].join("\n");
};

const verbose = ({ headers, body }, command = "") =>
  [
    command,
    "* Connected to relay.example (192.0.2.1) port 443 (#0)",
    "> POST /webhook HTTP/2",
    ...headers.map((pair) => `> ${pair.join(": ")}`),
    `> Content-Length: ${body.length}`,
    "> ",
    `} [${body.length} bytes data]`,
    "< HTTP/2 401 ",
    "< content-type: application/problem+json",
    "< ",
  ].join("\n");

const curl = ({ url, headers }, ...more) =>
  `curl ${headers.map((pair) => `-H '${pair.join(": ")}'`).join(" ")} ${more.join(" ")} ${url}`;

const folder = ownFolder();
const given = { env: { WEBHOOK_SECRET: SECRET } };
const assertSays = async (capture, status, says, how = given) => {
  const text = (await assertExplained([folder.write(capture)], how, status)).trimStart();
  for (const pattern of [says].flat()) assert.match(text, pattern);
  return text;
};

describe("npm run explain, given a request in raw HTTP", () => {
  const hexadecimal = (mac) => `v1,${mac.toString("hex")}`;
  const fourSlips = { timestamp: `${NOW}123`, key: SECRET, text: `msg_1.${NOW}123.${SPACED}`, write: hexadecimal };
  for (const [what, parts, says] of [
    ["no signature", { without: "webhook-signature" }, /It is not signed:\n\n1\. There is no webhook-signature/],
    ["no timestamp", { without: "webhook-timestamp" }, /It is not signed:\n\n1\. There is no webhook-timestamp/],
    ["the body alone signed", { text: BODY }, /The signed text is the body alone/],
    [
      "four slips at once",
      fourSlips,
      [/^These 4 are wrong together:/, /milliseconds/, /hexadecimal/, /secret's text/, REWRITTEN],
    ],
    ["a timestamp of 300 s before", { timestamp: String(NOW - 300) }, RIGHT],
    ["a content type that is not JSON", { type: "text/plain" }, /1\. The content type is text\/plain\./],
  ]) {
    it(`says what is wrong: ${what}`, () => assertSays(RAW(request(parts)), says === RIGHT ? 0 : 1, says));
  }
});

describe("npm run explain finds the slip, and none where none is, in", () => {
  const forms = {
    "curl --trace": trace,
    "curl -v, with the command above it": (made) => verbose(made, `$ ${curl(made, "-v", `-d '${made.body}'`)}`),
    "Postman's HTTP": RAW,
    "Postman's PHP": PHP_CURL,
    "Postman's Python": PYTHON,
    HAR: (made) => har(harEntry(made)),
    "a log's line that has everything": JSON_FILES["a log line with headers and body in JSON"],
  };
  for (const [form, write] of Object.entries(forms)) {
    it(form, async () => {
      await assertSays(write(rewritten), 1, REWRITTEN);
      await assertSays(write(right), 0, form === "HAR" ? /^Entry 1 of 1[^]*The signature is right/ : RIGHT);
    });
  }

  it("a file of Windows, in UTF-16 or with a mark in front", async () => {
    for (const write of [CMD, POWERSHELL]) {
      const marked = `\ufeff${write(right).replaceAll(/\r?\n/g, "\r\n")}`;
      const utf16 = Buffer.from(marked, "utf16le");
      for (const file of [utf16, Buffer.from(utf16).swap16(), marked]) await assertSays(file, 0, RIGHT);
    }
  });
});

describe("npm run explain says that it has found no body, and does not blame the secret, in", () => {
  const raw = RAW(right).replace(BODY, "");
  const parsed = JSON.stringify({ headers: rightHeaders, body: JSON.parse(BODY) });
  const fetch = CODE["node-fetch"](right);
  const needed = /another file \(--data-binary @order\.json\), and that file is needed/;
  const axios = CODE["axios of Postman"](right);
  const converted = "$body = @{ type = 'relay.ping' } | ConvertTo-Json";
  const powerShell = COMMANDS["PowerShell of Postman"](right).replace(/\$body = [^]*?\n"@/, converted);
  for (const [what, capture, says] of [
    ["raw HTTP", raw.trimEnd(), /of one of 78 bytes/],
    ["raw HTTP without a length", raw.replace(/Content-Length.*\n/, ""), /an empty line and the body/],
    ["curl -v", verbose(right), /of one of 78 bytes\. curl -v does not print it: take `curl --trace FILE …`/],
    ["HAR without postData", har(harEntry({ ...right, body: undefined })), /no postData\.text/],
    ["Laravel's dd of the headers", withoutBody(LARAVEL), /\$request->getContent\(\)/],
    ["Laravel's dd, copied from a browser", withoutBody(DUMPS["Laravel's dd, copied from a browser"]), /getContent/],
    ["PHP's print_r", withoutBody(DUMPS["PHP's print_r of lists"]), /php:\/\/input/],
    ["PHP's var_dump", withoutBody(DUMPS["PHP's var_dump of getallheaders()"]), /php:\/\/input/],
    ["Django's META", withoutBody(DUMPS["Django's META"]), /request\.body in Django/],
    ["headers in JSON", JSON.stringify({ headers: rightHeaders }, null, 2), /Only headers are in it/],
    ["a body in JSON that was read already", parsed, /read and written anew/],
    ["curl without data", curl(right, "-X POST"), /there is no --data-raw/],
    ["curl with a file", curl(right, "--data-binary @order.json"), needed],
    ["curl with a file of -d", curl(right, "-d@'my order.json'"), /request\.txt 'my order\.json'/],
    ["curl with a file of -T", curl(right, "-T order.json"), /another file \(--upload-file order\.json\)/],
    ["curl from standard input", curl(right, "--data-binary @-"), /standard input \(--data-binary @-\)/],
    ["curl with a variable", curl(right, '-d "$BODY"'), /a variable's value/],
    ["curl with what another program writes", curl(right, '-d "$(cat order.json)"'), /a variable's value/],
    ["curl with a form", curl(right, "-F file=@order.json"), /sends a form \(-F\)/],
    ["fetch without a body", FETCH({ ...right, body: null }), /The code sends none/],
    ["fetch of a variable", fetch.replace(/body: ".*",/, "body: JSON.stringify(order),"), /works its body out/],
    ["axios of a function", axios.replace(/let data = .*/, "let data = order();"), /works its body out/],
    ["PHP of a variable", GUZZLE(right).replace(/\$body = .*/, ""), /works its body out/],
    ["PHP of json_encode", GUZZLE(right).replace(/\$body = .*/, "$body = json_encode($order);"), /works its body out/],
    ["PowerShell without a body", POWERSHELL(right).replace(/-Body .*/, ""), /there is no -Body/],
    ["PowerShell of ConvertTo-Json", powerShell, /worked out when the command runs/],
    ["Python of a variable", PYTHON(right).replace(/payload = .*/, "payload = json.dumps(order)"), /This is code/],
  ]) {
    it(what, () => assertSays(capture, 1, [NO_BODY, says]));
  }

  it("with what the headers show all the same", async () => {
    const bad = request({ timestamp: `${NOW}123`, id: "order.1" });
    const first = /What can be seen without it:\n\n1\. webhook-id has a dot in it[^]*2\. /;
    await assertSays(LARAVEL({ ...bad, body: "" }), 1, [NO_BODY, first, /^2\. webhook-timestamp is in milliseconds/m]);
  });
});

describe("npm run explain takes the body from a second file", () => {
  const assertWith = (capture, body, status, says) =>
    assertExplained([folder.write(capture), folder.write(body, { name: "body.json" })], given, status, says);
  for (const [what, capture, body] of [
    ["of headers", withoutBody(LARAVEL), BODY],
    ["of curl -v", verbose(right), BODY],
    ["of --data-binary", curl(right, "--data-binary @body.json"), BODY],
    ["of -d, which takes line ends out", curl(right, "-d @body.json"), BODY.replaceAll(/(?<=[,{])/g, "\r\n")],
    ["with the line end of an editor, where a length is known", verbose(right), `${BODY}\n`],
  ]) {
    it(what, () => assertWith(capture, body, 0, RIGHT));
  }

  it("and finds the slip in it", () =>
    assertWith(withoutBody(DUMPS["PHP's print_r of lists"]), `${BODY}\n`, 1, /a line end more|line end less/));
});

describe("npm run explain says that a log line has no body", () => {
  const access = `192.0.2.7 - - [25/Nov/2026:20:10:00 +0300] "POST /webhook HTTP/1.1" 401 312 "-" "GuzzleHttp/7"`;
  const signing = right.headers.slice(1);
  const nginxJson = {
    time: "2026-11-25T20:10:00+03:00",
    request: "POST /webhook HTTP/1.1",
    status: 401,
    ...Object.fromEntries(signing.map(([name, value]) => [`http_${name.replaceAll("-", "_")}`, value])),
  };
  for (const [what, capture] of [
    ["nginx", access],
    ["nginx with the headers", `${access} ${signing.map(([name, value]) => `${name}="${value}"`).join(" ")}`],
    ["nginx in JSON", JSON.stringify(nginxJson)],
    ["a framework", `[2026-11-25 20:10:00] local.INFO: webhook refused {"status":401,"webhook-id":"msg_1"}`],
    ["two lines", `${access}\n${access.replace("401", "200")}\n`],
  ]) {
    it(what, () => assertSays(`${capture}\n`, 1, /This is a line of a log, and a log line has no body\./));
  }

  it("the relay's own, with its reason, once however many there are", async () => {
    const line = { outcome: "refused", status: 401, code: "invalid-signature", reason: "no match", total_ms: 2 };
    const says = /a log line has no body[^]*The relay says in it: invalid-signature, no match\./;
    await assertSays(JSON.stringify({ request_id: "8f3c2b1a0d9e7f65-IST", ...line }), 1, says);
    const text = await assertSays(`${JSON.stringify(line)}\n`.repeat(3), 1, says);
    assert.equal(text.match(/log line has no body/g).length, 1);
  });

  it("but reads one that has it", () => assertSays(JSON.stringify({ ...nginxJson, request_body: BODY }), 0, RIGHT));
});

describe("npm run explain, given a HAR of several requests", () => {
  const page = harEntry({ url: "https://shop.example/", method: "GET", headers: [], status: 200 });
  const preflight = harEntry({ url: right.url, method: "OPTIONS", headers: [], status: 204 });
  const json = [["content-type", "application/json"]];
  const other = harEntry({ url: "https://shop.example/api", headers: json, body: "{}", status: 200 });
  const good = harEntry({ ...right, status: 200 });
  const bad = harEntry(rewritten);
  const elsewhere = harEntry({ ...right, url: "https://shop.example/relay?a=b" });
  const unanswered = harEntry({ ...rewritten, status: 0 });
  const unsigned = harEntry({ ...right, headers: [] });

  const ownAddress = /^Entry 2 of 2 in the HAR: POST https:\/\/shop\.example\/relay, /;
  const none = /^This is a HAR of 3 requests, and none of them was posted to \/webhook or \/hooks\/, or is signed\./;
  const webhook = /^Entry 4 of 4 in the HAR: POST https:\/\/relay\.example\/webhook, answered with 401\.\n/;
  const both = [/^Entry 1 of 2.*answered with 200[^]*is right/, /^Entry 2 of 2.*webhook\.$/m];
  for (const [what, entries, status, says] of [
    ["takes the one to /webhook, and says which", [page, preflight, other, bad], 1, [webhook, REWRITTEN]],
    ["takes it if nothing is wrong with it", [page, preflight, good, other], 0, /^Entry 3 of 4 .* 200\.\n[^]*is right/],
    ["takes all of several where none was refused", [good, unanswered], 1, both],
    ["takes all of several where all are right", [good, good], 0, [/^Entry 1 of 2/, /^Entry 2 of 2/m]],
    ["takes one that is signed at another address", [page, elsewhere], 0, ownAddress],
    ["says that one to /webhook is not signed", [unsigned], 1, /^Entry 1 of 1[^]*It is not signed:/],
    ["says that there is none", [page, preflight, other], 1, none],
  ]) {
    it(what, () => assertSays(har(...entries), status, says));
  }

  it("takes the refused ones of several, each under its name", async () => {
    const text = await assertSays(har(good, bad, good, bad), 1, [/^Entry 2 of 4/m, /^Entry 4 of 4/m]);
    assert.doesNotMatch(text, /Entry [13] of 4/);
  });

  it("holds the clock against the answer's date, else against the time of sending", async () => {
    const at = (seconds) => new Date(seconds * 1000);
    const old = harEntry({ ...right, started: at(NOW + 5).toISOString(), date: at(NOW + 4000).toUTCString() });
    await assertSays(har(old), 1, /webhook-timestamp is 4000 s behind the answer's date/);
    const sent = harEntry({ ...right, started: at(NOW + 4000).toISOString() });
    await assertSays(har(sent), 1, /webhook-timestamp is 4000 s behind the time of sending that the HAR has/);
  });
});

describe("npm run explain, given several requests, takes", () => {
  const commands = `curl 'https://shop.example/' ;\n${CHROME(rewritten)}`;
  const calls = [right, rewritten].map(FETCH).join(" ;\n");
  const first = /^Request 1 of 2 in the file\.\n\nThe signature is right/;
  for (const [what, capture, ...says] of [
    ["the signed command, and says which", commands, /^Command 2 of 2: https:\/\/relay\.example\/webhook\n/],
    ["each call of fetch", calls, first, /^Request 2 of 2/m],
  ]) {
    it(what, () => assertSays(capture, 1, [...says, REWRITTEN]));
  }
});

describe("npm run explain, given something that is cut off or cannot be known", () => {
  const typed = (header) => `curl -H "${header}" -d '{}' https://relay.example/webhook`;
  const time = /The value of \$\(…\), which is in webhook-timestamp/;
  const unknown = /works webhook-id out when it runs/;
  const ascii = "=> Send header, 40 bytes (0x28)\n0000: POST /webhook HTTP/1.1";
  const mention = "The `webhook-id` header is your name for it.";
  for (const [what, capture, says] of [
    ["a command", POSTMAN(right).slice(0, -4), /A quote in the command is not closed/],
    ["fetch", FETCH(right).slice(0, -20), /looks like JavaScript, and a part of it is missing/],
    ["PHP", PHP_CURL(right).slice(0, -90), /looks like PHP, and a part of it is missing/],
    ["an id in a variable of the shell", typed("webhook-id: $ID"), /The value of \$ID, which is in webhook-id/],
    ["a time that the shell makes", typed("webhook-timestamp: $(date +%s)"), time],
    ["an id in a variable of JavaScript", CODE["node-fetch"](right).replace("'msg_1'", "id"), unknown],
    ["an id in a variable of PHP", GUZZLE(right).replace("'msg_1'", "$id"), unknown],
    ["nothing", "", /no webhook-… headers in it/],
    ["curl --trace-ascii", ascii, /Capture the request with `curl --trace FILE …`/],
    ["a message alone", BODY, /no webhook-… headers in it\.\nIt is JSON, but neither HAR nor/],
    ["a page that speaks of headers", mention, /speaks of webhook-… headers, but not in a form/],
  ]) {
    it(what, () => assertSays(capture, 1, says));
  }
});

describe("npm run explain, given an event of the relay's", () => {
  const url = "http://127.0.0.1:8791/paytr-events";
  const event = (parts) => request({ id: "evt_0123", body: EVENT, key: keyOf(EVENTS_SECRET), url, ...parts });
  const both = { env: { WEBHOOK_SECRET: SECRET, EVENTS_SECRET } };
  const several = { env: { WEBHOOK_SECRET: SECRET, EVENTS_SECRETS: `${FOREIGN_SECRET} ${EVENTS_SECRET}` } };
  const only = { env: { WEBHOOK_SECRET: EVENTS_SECRET } };
  const late = event({ timestamp: String(NOW - 4000) });
  const swapped = event({ key: keyOf(SECRET) });
  const message = request({ key: keyOf(EVENTS_SECRET) });
  const parsed = event({ body: EVENT.replace("/", "\\/"), text: `evt_0123.${NOW}.${EVENT}` });

  const noSlip = /none of the usual slips[^]*of the relay's: its id begins with evt_[^]*EVENTS_SECRET=whsec_…/;
  const asArrived = /The relay has signed another text than the one here[^]*php:\/\/input[^]*What the relay has signed/;
  const forEvents = /signed with the secret for events \(EVENTS_SECRETS\), and it is a message/;
  for (const [what, made, how, status, says] of [
    ["takes the secret from EVENTS_SECRET", event(), { env: { EVENTS_SECRET } }, 0, RIGHT],
    ["takes it from EVENTS_SECRETS, with the secret for messages beside it", event(), several, 0, RIGHT],
    ["takes it from WEBHOOK_SECRET, if it is the one for events", event(), only, 0, RIGHT],
    ["takes the secret that is piped into it", event(), { input: EVENTS_SECRET }, 0, RIGHT],
    ["proposes the other secret where it has only the one for messages", event(), given, 1, noSlip],
    ["says that the receiver must look at the bytes as they arrived", parsed, both, 1, asArrived],
    ["says that its own clock may be wrong, not the relay's", late, both, 1, /the receiver's clock is wrong/],
    ["warns of one signed with the secret for messages", swapped, both, 1, /signed with the secret for messages/],
    ["says of a message that it is signed with the secret for events", message, both, 1, forEvents],
  ]) {
    it(what, () => assertSays(RAW(made), status, says, how));
  }

  it("takes the secret of .dev.vars, if the shop is on this machine", () => {
    const dev = folder.file("dev");
    mkdirSync(dev);
    writeFileSync(join(dev, ".dev.vars"), `WEBHOOK_SECRETS=${SECRET}\nEVENTS_SECRETS=${EVENTS_SECRET}\n`);
    return assertSays(POSTMAN(event()), 0, RIGHT, { env: { DEV_DIR: dev } });
  });

  it("shows nothing of a file that holds either secret", async () => {
    for (const secret of [SECRET, EVENTS_SECRET]) {
      const holding = RAW(event({ body: `{"a":"${secret}"}` }));
      const text = await assertSays(holding, 1, /^The secret itself stands in /, both);
      assert.doesNotMatch(text, /00000000/);
    }
  });
});

describe("npm run explain says where a message was posted, if the relay takes none there:", () => {
  const posted = (path, parts) => request({ url: `https://relay.example${path}`, ...parts });
  const asCurl = (path, parts) => curl(posted(path, parts), `-d '${posted(path, parts).body}'`);
  const asHttp = (path) => RAW(right).replace("/webhook", path);
  const event = request({ id: "evt_1", key: keyOf(EVENTS_SECRET) });
  const known = { env: { WEBHOOK_SECRET: SECRET, EVENTS_SECRET } };
  const moved = /^This is what is wrong:\n\n1\. It was posted to (\S+)\.\n {3}Post to \/webhook: /;
  for (const [what, capture, status, path] of [
    ["another path", asHttp("/webhooks"), 1, "/webhooks"],
    ["a slash too many", asHttp("/webhook/"), 1, "/webhook/"],
    ["the relay's address alone", asCurl("/"), 1, "/"],
    ["not the right path with a query", asHttp("/webhook?a=b"), 0],
    ["not curl's right path", asCurl("/webhook"), 0],
    ["not an event's, which goes to the shop", RAW(event).replace("/webhook", "/events"), 0],
  ]) {
    it(what, async () => assert.equal(moved.exec(await assertSays(capture, status, [], known))?.[1], path));
  }

  it("beside what is wrong with the signature", () => {
    const foreign = asCurl("/pay", { key: keyOf(FOREIGN_SECRET) });
    return assertSays(foreign, 1, /^The signature is wrong[^]*\n1\. It was posted to \/pay\./);
  });
});

describe("npm run explain, given no file that it can read, says so plainly", () => {
  for (const [what, args, says] of [
    ["a folder", () => [folder.path], /^\n(\S+) is a folder\. Name the file in it that has the request\.\n/],
    ["a file that is not there", () => [folder.file("absent.txt")], /^\nThere is no file \S+absent\.txt\.\n/],
    [
      "a body that is not there",
      () => [folder.write(curl(right, "-d @a")), folder.file("absent.json")],
      /^\nThere is no file \S+absent\.json\.\n/,
    ],
    ["an option", () => ["--help"], /^\nWhich request\? Write it to a file:/],
  ]) {
    it(what, () => assertExplained(args(), given, 1, says));
  }
});

describe("npm run explain, before the packages are installed", () => {
  let script;
  before(() => {
    cpSync(inRoot("scripts"), folder.file("checkout/scripts"), { recursive: true });
    script = folder.file("checkout/scripts/explain.mjs");
  });
  const run = (capture) =>
    call([process.execPath, script], [folder.write(capture)], { WEBHOOK_SECRET: SECRET, DEV_DIR: "/nowhere" });

  it("explains what needs none", async () => {
    for (const write of [RAW, trace, (made) => har(harEntry(made)), CMD]) {
      const { status, output } = await run(write(right));
      assert.equal(status, 0, output);
    }
  });

  it("says of what needs one how to install them", async () => {
    for (const write of [POSTMAN, FETCH, PHP_CURL]) {
      const { status, output } = await run(write(right));
      assert.match(output, /^\nFor this the npm packages are needed\. Install them and try again:\n {2}npm ci\n/);
      assert.equal(status, 1);
    }
  });
});
