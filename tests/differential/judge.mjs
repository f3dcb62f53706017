// The judge of npm's `standardwebhooks`: requests come in, one a line; a list of verdicts goes out.
import { readFileSync } from "node:fs";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

function judge({ now, secrets, headers, body }) {
  Date.now = () => now * 1000;
  const verdicts = secrets.map((secret) => {
    try {
      new Webhook(secret).verify(Buffer.from(body, "base64"), headers, { jsonParse: false });
      return "accepted";
    } catch (error) {
      return error instanceof WebhookVerificationError ? "refused" : "choked";
    }
  });
  return ["accepted", "refused"].find((verdict) => verdicts.includes(verdict)) ?? "choked";
}

const lines = readFileSync(0, "utf8").trimEnd().split("\n");
process.stdout.write(JSON.stringify(lines.map((line) => judge(JSON.parse(line)))));
