// `npm run explain` with what a person has in hand: what it says, and whether it ends with 0.
//
// In scope: every kind of capture, with a slip in it, and captures without a body. Not in scope: that every form is read
// byte by byte (forms.test.mjs); every slip (slips.test.mjs).
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { inRoot } from "../../scripts/paths.mjs";
import { call } from "../support/call.mjs";
import { EVENTS_SECRET, FOREIGN_SECRET, SECRET } from "../support/secrets.mjs";
import { explain } from "./support.mjs";
import { CODE, COMMANDS, DUMPS, JSON_FILES, OTHER_CODE, har, harEntry } from "./written.mjs";

const NOW = 1_795_637_400;
const BODY = '{"type":"link.send_sms","data":{"id":"NB2Zlz3","cell_phone":"0532 123 45 67"}}';
const EVENT = '{"type":"link.paid","data":{"reference":"1001/2"}}';
const SPACED = BODY.replaceAll(/[,:](?=["{])/g, "$& ");
const RAW = DUMPS["raw HTTP, as Postman shows it"];
const keyOf = (secret) => Buffer.from(secret.slice("whsec_".length), "base64");

/** A request whose parts are given where they are not right: `{url, headers, body}`. */
function request({
  url = "https://relay.example/webhook",
  id = "msg_1",
  timestamp = String(NOW),
  body = BODY,
  key = keyOf(SECRET),
  text = `${id}.${timestamp}.${body}`,
  write = (mac) => `v1,${mac.toString("base64")}`,
  without,
} = {}) {
  const signing = {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": write(createHmac("sha256", key).update(text).digest()),
  };
  const sent = Object.entries(signing).filter(([name]) => name !== without);
  return { url, headers: [["content-type", "application/json"], ...sent], body };
}

const right = request();
/** The commonest slip: JSON that was written once for the signature, and once more for sending. */
const rewritten = request({ text: `msg_1.${NOW}.${SPACED}` });
const REWRITTEN = /The signed body is another text than the one that arrived: JSON spaced\./;
const NO_BODY = /^(?:Entry 1 of 1 .*\n\n)?No body found, and the signature is made over the body\.\n/;
const RIGHT = /^The signature is right, and so are the three headers\.\n/;
const withoutBody = (write) => write({ ...right, body: "" }).trimEnd();

/** Rows as `curl --trace` writes them. */
function trace({ headers, body }) {
  const rows = (event, text) => {
    const bytes = Buffer.from(text);
    const lines = [`=> ${event}, ${bytes.length} bytes (0x${bytes.length.toString(16)})`];
    for (let at = 0; at < bytes.length; at += 16) {
      const row = bytes.subarray(at, at + 16);
      lines.push(
        `${at.toString(16).padStart(4, "0")}: ${row.toString("hex").replace(/../g, "$& ").padEnd(48)}${row.toString("latin1").replace(/[^ -~]/g, ".")}`,
      );
    }
    return lines;
  };
  const head = ["POST /webhook HTTP/1.1", ...headers.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n");
  return [...rows("Send header", head), ...rows("Send data", body)].join("\n");
}

const verbose = ({ headers, body }, command = "") =>
  [
    command,
    "* Connected to relay.example (192.0.2.1) port 443 (#0)",
    "> POST /webhook HTTP/2",
    ...headers.map(([name, value]) => `> ${name}: ${value}`),
    `> Content-Length: ${body.length}`,
    "> ",
    `} [${body.length} bytes data]`,
    "< HTTP/2 401 ",
    "< content-type: application/problem+json",
    "< ",
  ].join("\n");

const valueOf = ({ headers }, name) => headers.find(([key]) => key === name)[1];
const access = `192.0.2.7 - - [25/Nov/2026:20:10:00 +0300] "POST /webhook HTTP/1.1" 401 312 "-" "GuzzleHttp/7"`;
const signing = ["webhook-id", "webhook-timestamp", "webhook-signature"];
const logged = signing.map((name) => `${name}="${valueOf(right, name)}"`).join(" ");
const nginxJson = {
  time: "2026-11-25T20:10:00+03:00",
  request: "POST /webhook HTTP/1.1",
  status: 401,
  ...Object.fromEntries(signing.map((name) => [`http_${name.replaceAll("-", "_")}`, valueOf(right, name)])),
};

const curl = ({ url, headers }, ...more) =>
  `curl ${headers.map(([name, value]) => `-H '${name}: ${value}'`).join(" ")} ${more.join(" ")} ${url}`;

let directory;
before(() => (directory = mkdtempSync(join(tmpdir(), "captures-"))));
after(() => rmSync(directory, { recursive: true }));

/** Writes a file that is as old as the request's timestamp. */
function file(capture, name = "request.txt") {
  const path = join(directory, name);
  writeFileSync(path, capture);
  utimesSync(path, NOW, NOW);
  return path;
}

async function assertExplained(capture, status, says, { env = { WEBHOOK_SECRET: SECRET }, input, body } = {}) {
  const files = [file(capture), ...(body === undefined ? [] : [file(body, "body.json")])];
  const { status: ended, output } = await explain(files, { env, input });
  const text = output.trimStart();
  for (const pattern of [says].flat()) assert.match(text, pattern);
  assert.equal(ended, status, output);
  for (const secret of [SECRET, EVENTS_SECRET, FOREIGN_SECRET]) assert.ok(!output.includes(secret.slice(8)), output);
  assert.ok(!output.includes("    at "), output);
  return text;
}

describe("npm run explain, given a request in raw HTTP", () => {
  for (const [what, parts, says] of [
    [
      "another secret",
      { key: keyOf(FOREIGN_SECRET) },
      /none of the usual slips[^]*\n {2}- It was signed with another secret/,
    ],
    ["milliseconds", { timestamp: `${NOW}123` }, /webhook-timestamp is in milliseconds/],
    ["hexadecimal", { write: (mac) => `v1,${mac.toString("hex")}` }, /The digest is written in hexadecimal/],
    ["a body that was written anew", { text: `msg_1.${NOW}.${SPACED}` }, REWRITTEN],
    ["no signature", { without: "webhook-signature" }, /It is not signed:\n\n1\. There is no webhook-signature/],
    ["no timestamp", { without: "webhook-timestamp" }, /It is not signed:\n\n1\. There is no webhook-timestamp/],
    ["the secret as text", { key: SECRET }, /The key is the secret's text, whsec_ and all/],
    ["no v1,", { write: (mac) => mac.toString("base64") }, /does not begin with v1 and a comma/],
    ["the body alone signed", { text: BODY }, /The signed text is the body alone/],
    ["a dot in the id", { id: "order.1001" }, /webhook-id has a dot in it/],
    [
      "four slips at once",
      {
        timestamp: `${NOW}123`,
        key: SECRET,
        text: `msg_1.${NOW}123.${SPACED}`,
        write: (mac) => `v1,${mac.toString("hex")}`,
      },
      [/^These 4 are wrong together:/, /milliseconds/, /hexadecimal/, /secret's text/, REWRITTEN],
    ],
    [
      "an old timestamp",
      { timestamp: String(NOW - 4000) },
      /^The signature is right, and the timestamp is too old[^]*4000 s behind/,
    ],
    ["a timestamp of 300 s before", { timestamp: String(NOW - 300) }, RIGHT],
    ["a content type that is not JSON", { type: "text/plain" }, /1\. The content type is text\/plain\./],
    ["nothing wrong", {}, RIGHT],
  ]) {
    it(`says what is wrong: ${what}`, async () => {
      const { type, ...others } = parts;
      const made = request(others);
      const headers = made.headers.map(([name, value]) => [name, (name === "content-type" && type) || value]);
      await assertExplained(RAW({ ...made, headers }), says === RIGHT ? 0 : 1, says);
    });
  }
});

describe("npm run explain finds the slip, and none where none is, in", () => {
  const forms = {
    "curl --trace": trace,
    "curl -v, with the command above it": (made) => verbose(made, `$ ${curl(made, "-v", `-d '${made.body}'`)}`),
    "Postman's HTTP": RAW,
    "Postman's cURL": COMMANDS["curl of Postman"],
    "Postman's PHP": CODE["PHP's curl of Postman"],
    "Postman's Python": OTHER_CODE["Python's requests"],
    "Copy as cURL": COMMANDS["curl, copied from Chrome for sh"],
    "Copy as cURL (cmd)": COMMANDS["curl, copied from Chrome for cmd"],
    "Copy as PowerShell": COMMANDS["PowerShell, copied from Chrome"],
    "Copy as fetch": CODE["fetch, copied from Chrome"],
    "Laravel's dd of the headers, with the body behind it": DUMPS["Laravel's dd of the headers"],
    HAR: (made) => har(harEntry(made)),
    "a log's line that has everything": JSON_FILES["a log line with headers and body in JSON"],
  };
  for (const [form, write] of Object.entries(forms)) {
    it(form, async () => {
      await assertExplained(write(rewritten), 1, REWRITTEN);
      await assertExplained(write(right), 0, form === "HAR" ? /^Entry 1 of 1[^]*The signature is right/ : RIGHT);
    });
  }

  it("a file of Windows, in UTF-16 or with a mark in front", async () => {
    for (const form of ["curl, copied from Chrome for cmd", "PowerShell, copied from Chrome"]) {
      const text = COMMANDS[form](right);
      const marked = `\ufeff${text.replaceAll(/\r?\n/g, "\r\n")}`;
      await assertExplained(Buffer.from(marked, "utf16le"), 0, RIGHT);
      await assertExplained(Buffer.from(marked, "utf16le").swap16(), 0, RIGHT);
      await assertExplained(Buffer.from(marked), 0, RIGHT);
    }
  });
});

describe("npm run explain says that it has found no body, and does not blame the secret, in", () => {
  for (const [what, capture, says] of [
    ["raw HTTP", withoutBody((made) => RAW({ ...made, body: BODY }).replace(BODY, "")), /of one of 78 bytes/],
    [
      "raw HTTP without a length",
      RAW(right)
        .replace(/Content-Length.*\n/, "")
        .replace(BODY, ""),
      /an empty line and the body/,
    ],
    ["curl -v", verbose(right), /curl -v does not print it: take `curl --trace FILE …`/],
    ["HAR without postData", har(harEntry({ ...right, body: undefined })), /no postData\.text/],
    ["Laravel's dd of the headers", withoutBody(DUMPS["Laravel's dd of the headers"]), /\$request->getContent\(\)/],
    ["Laravel's dd, copied from a browser", withoutBody(DUMPS["Laravel's dd, copied from a browser"]), /getContent/],
    ["PHP's print_r", withoutBody(DUMPS["PHP's print_r of lists"]), /php:\/\/input/],
    ["PHP's var_dump", withoutBody(DUMPS["PHP's var_dump of getallheaders()"]), /php:\/\/input/],
    ["Django's META", withoutBody(DUMPS["Django's META"]), /request\.body in Django/],
    [
      "headers in JSON",
      JSON.stringify({ headers: Object.fromEntries(right.headers) }, null, 2),
      /Only headers are in it/,
    ],
    [
      "a body in JSON that was read already",
      JSON.stringify({ headers: Object.fromEntries(right.headers), body: JSON.parse(BODY) }),
      /read and written anew/,
    ],
    ["curl without data", curl(right, "-X POST"), /there is no --data-raw/],
    [
      "curl with a file",
      curl(right, "--data-binary @order.json"),
      /another file \(--data-binary @order\.json\), and that file is needed/,
    ],
    ["curl with a file of -d", curl(right, "-d@'my order.json'"), /request\.txt 'my order\.json'/],
    ["curl with a file of -T", curl(right, "-T order.json"), /another file \(--upload-file order\.json\)/],
    ["curl from standard input", curl(right, "--data-binary @-"), /standard input \(--data-binary @-\)/],
    ["curl with a variable", curl(right, '-d "$BODY"'), /a variable's value/],
    ["curl with what another program writes", curl(right, '-d "$(cat order.json)"'), /a variable's value/],
    ["curl with a form", curl(right, "-F file=@order.json"), /sends a form \(-F\)/],
    ["fetch without a body", CODE["fetch, copied from Chrome"]({ ...right, body: null }), /The code sends none/],
    [
      "fetch of a variable",
      CODE["node-fetch"](right).replace(/body: ".*",/, "body: JSON.stringify(order),"),
      /works its body out/,
    ],
    [
      "axios of a function",
      CODE["axios of Postman"](right).replace(/let data = .*/, "let data = order();"),
      /works its body out/,
    ],
    ["PHP of a variable", CODE["Guzzle of Postman"](right).replace(/\$body = .*/, ""), /works its body out/],
    [
      "PHP of json_encode",
      CODE["Guzzle of Postman"](right).replace(/\$body = .*/, "$body = json_encode($order);"),
      /works its body out/,
    ],
    [
      "PowerShell without a body",
      COMMANDS["PowerShell, copied from Chrome"](right).replace(/-Body .*/, ""),
      /there is no -Body/,
    ],
    [
      "PowerShell of ConvertTo-Json",
      COMMANDS["PowerShell of Postman"](right).replace(
        /\$body = [^]*?\n"@/,
        "$body = @{ type = 'relay.ping' } | ConvertTo-Json",
      ),
      /worked out when the command runs/,
    ],
    [
      "Python of a variable",
      OTHER_CODE["Python's requests"](right).replace(/payload = .*/, "payload = json.dumps(order)"),
      /This is code/,
    ],
  ]) {
    it(what, () => assertExplained(capture, 1, [NO_BODY, says]));
  }

  it("with what the headers show all the same", async () => {
    const bad = request({ timestamp: `${NOW}123`, id: "order.1" });
    const says = [
      NO_BODY,
      /What can be seen without it:\n\n1\. webhook-id has a dot in it[^]*2\. webhook-timestamp is in milliseconds/,
    ];
    await assertExplained(DUMPS["Laravel's dd of the headers"]({ ...bad, body: "" }), 1, says);
  });
});

describe("npm run explain takes the body from a second file", () => {
  for (const [what, capture, body] of [
    ["of headers", withoutBody(DUMPS["Laravel's dd of the headers"]), BODY],
    ["of curl -v", verbose(right), BODY],
    ["of --data-binary", curl(right, "--data-binary @body.json"), BODY],
    ["of -d, which takes line ends out", curl(right, "-d @body.json"), BODY.replaceAll(/(?<=[,{])/g, "\r\n")],
    ["with the line end of an editor, where a length is known", verbose(right), `${BODY}\n`],
  ]) {
    it(what, () => assertExplained(capture, 0, RIGHT, { body }));
  }

  it("and finds the slip in it", () =>
    assertExplained(withoutBody(DUMPS["PHP's print_r of lists"]), 1, /a line end more|line end less/, {
      body: `${BODY}\n`,
    }));
});

describe("npm run explain says that a log line has no body", () => {
  for (const [what, capture] of [
    ["nginx", access],
    ["nginx with the headers", `${access} ${logged}`],
    ["nginx in JSON", JSON.stringify(nginxJson)],
    ["a framework", `[2026-11-25 20:10:00] local.INFO: webhook refused {"status":401,"webhook-id":"msg_1"}`],
    ["two lines", `${access}\n${access.replace("401", "200")}\n`],
  ]) {
    it(what, () => assertExplained(`${capture}\n`, 1, /This is a line of a log, and a log line has no body\./));
  }

  it("the relay's own, with its reason", () => {
    const line = {
      request_id: "8f3c2b1a0d9e7f65-IST",
      outcome: "refused",
      status: 401,
      code: "invalid-signature",
      reason: "no match",
      total_ms: 2,
    };
    return assertExplained(
      JSON.stringify(line),
      1,
      /a log line has no body[^]*The relay says in it: invalid-signature, no match\./,
    );
  });

  it("once, however many of the relay's there are", async () => {
    const line = '{"outcome":"refused","status":401,"code":"invalid-signature","reason":"no match","total_ms":2}\n';
    const text = await assertExplained(line.repeat(3), 1, /a log line has no body/);
    assert.equal(text.match(/log line has no body/g).length, 1);
  });

  it("but reads one that has it", () => {
    const line = JSON.stringify({ ...nginxJson, request_body: BODY });
    return assertExplained(line, 0, RIGHT);
  });
});

describe("npm run explain, given a HAR of several requests", () => {
  const page = harEntry({ url: "https://shop.example/", method: "GET", headers: [], status: 200 });
  const preflight = harEntry({ url: right.url, method: "OPTIONS", headers: [], status: 204 });
  const other = harEntry({
    url: "https://shop.example/api",
    headers: [["content-type", "application/json"]],
    body: "{}",
    status: 200,
  });
  const good = harEntry({ ...right, status: 200 });
  const bad = harEntry(rewritten);

  it("takes the one that was posted to /webhook, and says which", async () => {
    await assertExplained(har(page, preflight, other, bad), 1, [
      /^Entry 4 of 4 in the HAR: POST https:\/\/relay\.example\/webhook, answered with 401\.\n/,
      REWRITTEN,
    ]);
    await assertExplained(har(page, preflight, good, other), 0, [/^Entry 3 of 4 in the HAR: .* 200\.\n/, /is right/]);
  });

  it("takes the refused ones of several, each under its name", async () => {
    const text = await assertExplained(har(good, bad, good, bad), 1, [/^Entry 2 of 4/m, /^Entry 4 of 4/m]);
    assert.doesNotMatch(text, /Entry [13] of 4/);
  });

  it("takes all of several where none was refused", async () => {
    const unanswered = harEntry({ ...rewritten, status: 0 });
    await assertExplained(har(good, unanswered), 1, [
      /^Entry 1 of 2.*answered with 200[^]*is right/,
      /^Entry 2 of 2.*webhook\.$/m,
    ]);
    await assertExplained(har(good, good), 0, [/^Entry 1 of 2/, /^Entry 2 of 2/m]);
  });

  it("takes one that is signed at another address", () =>
    assertExplained(
      har(page, harEntry({ ...right, url: "https://shop.example/relay?a=b" })),
      0,
      /^Entry 2 of 2 in the HAR: POST https:\/\/shop\.example\/relay, /,
    ));

  it("says that one to /webhook is not signed", () =>
    assertExplained(har(harEntry({ ...right, headers: [] })), 1, /^Entry 1 of 1[^]*It is not signed:/));

  it("says that there is none", () =>
    assertExplained(
      har(page, preflight, other),
      1,
      /^This is a HAR of 3 requests, and none of them was posted to \/webhook or \/hooks\/, or is signed\./,
    ));

  it("holds the clock against the answer's date, else against the time of sending", async () => {
    const at = (seconds) => new Date(seconds * 1000);
    const old = harEntry({ ...right, started: at(NOW + 5).toISOString(), date: at(NOW + 4000).toUTCString() });
    await assertExplained(har(old), 1, /webhook-timestamp is 4000 s behind the answer's date/);
    const sent = harEntry({ ...right, started: at(NOW + 4000).toISOString() });
    await assertExplained(har(sent), 1, /webhook-timestamp is 4000 s behind the time of sending that the HAR has/);
  });
});

describe("npm run explain, given several commands", () => {
  it("takes the signed one, and says which", () => {
    const all = [`curl 'https://shop.example/'`, COMMANDS["curl, copied from Chrome for sh"](rewritten)].join(" ;\n");
    return assertExplained(all, 1, [/^Command 2 of 2: https:\/\/relay\.example\/webhook\n/, REWRITTEN]);
  });

  it("takes each of several calls of fetch", () => {
    const all = [right, rewritten].map(CODE["fetch, copied from Chrome"]).join(" ;\n");
    return assertExplained(all, 1, [
      /^Request 1 of 2 in the file\.\n\nThe signature is right/,
      /^Request 2 of 2/m,
      REWRITTEN,
    ]);
  });
});

describe("npm run explain, given something that is cut off or cannot be known", () => {
  for (const [what, capture, says] of [
    ["a command", COMMANDS["curl of Postman"](right).slice(0, -4), /A quote in the command is not closed/],
    [
      "fetch",
      CODE["fetch, copied from Chrome"](right).slice(0, -20),
      /looks like JavaScript, and a part of it is missing/,
    ],
    ["PHP", CODE["PHP's curl of Postman"](right).slice(0, -90), /looks like PHP, and a part of it is missing/],
    [
      "an id in a variable of the shell",
      `curl -H "webhook-id: $ID" -d '{}' https://relay.example/webhook`,
      /The value of \$ID, which is in webhook-id/,
    ],
    [
      "a time that the shell makes",
      `curl -H "webhook-timestamp: $(date +%s)" -d '{}' https://relay.example/webhook`,
      /The value of \$\(…\), which is in webhook-timestamp/,
    ],
    [
      "an id in a variable of JavaScript",
      CODE["node-fetch"](right).replace("'msg_1'", "id"),
      /works webhook-id out when it runs/,
    ],
    [
      "an id in a variable of PHP",
      CODE["Guzzle of Postman"](right).replace("'msg_1'", "$id"),
      /works webhook-id out when it runs/,
    ],
    ["a message alone", BODY, /no webhook-… headers in it\.\nIt is JSON, but neither HAR nor/],
    [
      "a page that speaks of headers",
      "The `webhook-id` header is your name for it.",
      /speaks of webhook-… headers, but not in a form/,
    ],
  ]) {
    it(what, () => assertExplained(capture, 1, says));
  }
});

describe("npm run explain, given an event of the relay's", () => {
  const event = (parts) =>
    request({
      id: "evt_0123",
      body: EVENT,
      key: keyOf(EVENTS_SECRET),
      url: "http://127.0.0.1:8791/paytr-events",
      ...parts,
    });
  const both = { WEBHOOK_SECRET: SECRET, EVENTS_SECRET };

  for (const [what, env] of [
    ["EVENTS_SECRET", { EVENTS_SECRET }],
    [
      "EVENTS_SECRETS, with the secret for messages beside it",
      { WEBHOOK_SECRET: SECRET, EVENTS_SECRETS: `${FOREIGN_SECRET} ${EVENTS_SECRET}` },
    ],
    ["WEBHOOK_SECRET, if it is the one for events", { WEBHOOK_SECRET: EVENTS_SECRET }],
  ]) {
    it(`takes the secret from ${what}`, () => assertExplained(RAW(event()), 0, RIGHT, { env }));
  }

  it("takes the secret that is piped into it", () =>
    assertExplained(RAW(event()), 0, RIGHT, { env: {}, input: EVENTS_SECRET }));

  it("takes the secret of .dev.vars, if the shop is on this machine", () => {
    const folder = join(directory, "dev");
    mkdirSync(folder);
    writeFileSync(join(folder, ".dev.vars"), `WEBHOOK_SECRETS=${SECRET}\nEVENTS_SECRETS=${EVENTS_SECRET}\n`);
    return assertExplained(COMMANDS["curl of Postman"](event()), 0, RIGHT, { env: { DEV_DIR: folder } });
  });

  it("proposes the other secret where it has only the one for messages", () =>
    assertExplained(RAW(event()), 1, [
      /none of the usual slips/,
      /an event of the relay's: its id begins with evt_/,
      /EVENTS_SECRET=whsec_…/,
    ]));

  it("says that the receiver must look at the bytes as they arrived", () => {
    const parsed = event({ body: EVENT.replace("/", "\\/"), text: `evt_0123.${NOW}.${EVENT}` });
    return assertExplained(
      RAW(parsed),
      1,
      [/The relay has signed another text than the one here/, /php:\/\/input/, /What the relay has signed/],
      { env: both },
    );
  });

  it("says that its own clock may be wrong, not the relay's", () =>
    assertExplained(RAW(event({ timestamp: String(NOW - 4000) })), 1, /the receiver's clock is wrong/, { env: both }));

  it("warns of one that is signed with the secret for messages", () =>
    assertExplained(RAW(event({ key: keyOf(SECRET) })), 1, /signed with the secret for messages/, { env: both }));

  it("says of a message that it is signed with the secret for events", () =>
    assertExplained(
      RAW(request({ key: keyOf(EVENTS_SECRET) })),
      1,
      /signed with the secret for events \(EVENTS_SECRETS\), and it is a message/,
      { env: both },
    ));

  it("shows nothing of a file that holds either secret", async () => {
    for (const secret of [SECRET, EVENTS_SECRET]) {
      const text = await assertExplained(
        RAW(event({ body: `{"a":"${secret}"}` })),
        1,
        /^The secret itself stands in /,
        { env: both },
      );
      assert.doesNotMatch(text, /00000000/);
    }
  });
});

describe("npm run explain, given no file that it can read, says so plainly", () => {
  for (const [what, args, says] of [
    ["a folder", () => [directory], /^(\S+) is a folder\. Name the file in it that has the request\.\n/],
    ["a file that is not there", () => [join(directory, "absent.txt")], /^There is no file \S+absent\.txt\.\n/],
    [
      "a body that is not there",
      () => [file(curl(right, "-d @a")), join(directory, "absent.json")],
      /^There is no file \S+absent\.json\.\n/,
    ],
    ["an option", () => ["--help"], /^Which request\? Write it to a file:/],
  ]) {
    it(what, async () => {
      const { status, output } = await explain(args(), { env: { WEBHOOK_SECRET: SECRET } });
      assert.match(output.trimStart(), says);
      assert.equal(status, 1);
    });
  }
});

describe("npm run explain, before the packages are installed", () => {
  let script;
  before(() => {
    const checkout = join(directory, "checkout");
    cpSync(inRoot("scripts"), join(checkout, "scripts"), { recursive: true });
    script = join(checkout, "scripts/explain.mjs");
  });
  const run = (capture) =>
    call([process.execPath, script], [file(capture)], { WEBHOOK_SECRET: SECRET, DEV_DIR: "/nowhere" });

  it("explains what needs none", async () => {
    for (const write of [RAW, trace, (made) => har(harEntry(made)), COMMANDS["curl, copied from Chrome for cmd"]]) {
      const { status, output } = await run(write(right));
      assert.equal(status, 0, output);
    }
  });

  it("says of what needs one how to install them", async () => {
    for (const write of [
      COMMANDS["curl of Postman"],
      CODE["fetch, copied from Chrome"],
      CODE["PHP's curl of Postman"],
    ]) {
      const { status, output } = await run(write(right));
      assert.match(output, /^\nFor this the npm packages are needed\. Install them and try again:\n {2}npm ci\n/);
      assert.equal(status, 1);
    }
  });
});
