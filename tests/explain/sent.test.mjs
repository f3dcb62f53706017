// Commands and code that explain reads, run for real: what they send is what it has read.
//
// In scope: what the tests' tools can run. Not in scope: cmd, PowerShell and the clients that are not installed.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { readCaptures } from "../../scripts/explain/captured-request.mjs";
import { signingHeaders } from "../../scripts/explain/forms/headers.mjs";
import { call } from "../support/call.mjs";
import { whySkip } from "../support/tools.mjs";
import { startCapture } from "./support.mjs";
import { CODE, COMMANDS } from "./written.mjs";

const HEADERS = [
  ["content-type", "application/json"],
  ["webhook-id", "msg_1"],
  ["webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
  ["webhook-timestamp", "1795637400"],
];
const BODIES = [
  '{"type":"relay.ping"}',
  JSON.stringify({ type: "link.create", data: { name: 'Ayşe\'nin "çantası" \\ ♥! $5 & `x` %PATH% ^ ~ #1', price: 1 } }),
  JSON.stringify({ type: "link.create", data: { name: "Order 1001", price: 1 } }, null, 2),
];

const formsOf = (...names) => names.map((form) => [form, CODE[form]]);
const runPhp = (text) => call(["php", "-r"], [text.replace("<?php\n", "")], {});
/** Of each kind: what is needed, how a text is run, and the forms that can be. */
const RUNS = {
  sh: {
    needs: ["curl"],
    run: (text) => call(["bash", "-c"], [text.replace(/^\$ /, "").replace(/ \| jq \.$/, "")], { LC_ALL: "C.UTF-8" }),
    forms: Object.entries(COMMANDS).filter(([form]) => form.startsWith("curl") && !form.includes(" cmd")),
  },
  Node: {
    needs: [],
    run: (text) => call([process.execPath, "--input-type=module", "-e"], [text], {}),
    forms: formsOf("fetch, copied from Chrome", "fetch, copied from Firefox", "fetch of Postman"),
  },
  PHP: {
    needs: ["php"],
    run: runPhp,
    forms: formsOf("PHP's stream context"),
  },
  "PHP with curl": {
    needs: ["php", "php-curl"],
    run: runPhp,
    forms: formsOf("PHP's curl of Postman", "PHP's curl, option by option"),
  },
};

let capture;
before(async () => (capture = await startCapture()));
after(() => capture.stop());

for (const [kind, { needs, run, forms }] of Object.entries(RUNS)) {
  describe(`what ${kind} sends is what is read`, { skip: whySkip(needs) }, () => {
    for (const [form, write] of forms) {
      it(form, async () => {
        for (const body of BODIES) {
          const text = write({ url: `${capture.url}/webhook`, headers: HEADERS, body });
          const { output } = await run(text);
          const sent = capture.captured.pop();
          assert.ok(sent, output);
          const [wanted] = await readCaptures(sent);
          const [read] = await readCaptures(Buffer.from(text));
          assert.deepEqual(signingHeaders(read.headers), signingHeaders(wanted.headers));
          assert.deepEqual([read.body.toString(), wanted.body.toString()], [body, body]);
        }
      });
    }
  });
}
