// The judge of npm's `standardwebhooks`, and of `svix` for requests by Svix's names: requests come in, one a line; a list
// of verdicts goes out.
import { readFileSync } from "node:fs";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

function judge({ now, secrets, headers, body }) {
  Date.now = () => now * 1000;
  const Library = Object.keys(headers).some((name) => /^svix-/i.test(name)) ? SvixWebhook : Webhook;
  const verdicts = secrets.map((secret) => {
    try {
      new Library(secret).verify(Buffer.from(body, "base64"), headers, { jsonParse: false });
      return "accepted";
    } catch (error) {
      return error instanceof WebhookVerificationError ? "refused" : "choked";
    }
  });
  return ["accepted", "refused"].find((verdict) => verdicts.includes(verdict)) ?? "choked";
}

const lines = readFileSync(0, "utf8").trimEnd().split("\n");
process.stdout.write(JSON.stringify(lines.map((line) => judge(JSON.parse(line)))));
