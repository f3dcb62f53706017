// What is asked? zod schemas, and their issues as the contract words them.

import * as z from "zod";
import { Malformed, parse } from "../common/json.js";
import { invalidField, malformedBody, unknownType } from "../common/problem.js";
import { parseCellPhone, parseEmail } from "../common/recipient.js";

const NO_DATA = 'The member "data" must be there, as an object.';
const ID = "must be text, or an integer from 0 to 18446744073709551615";
const QUOTABLE_NAME = /^[A-Za-z_-]{1,40}$/;

const missing = (detail, otherwise) => ({ error: ({ input }) => (input === undefined ? detail : otherwise) });

const scalar = z.union([z.string(), z.bigint(), z.nan(), z.boolean(), z.null()], {
  error: "must be text or a number; it is optional and not used",
});
const id = z
  .union([z.string(), z.bigint()], missing("is missing; give the id that PayTR's create call returned", ID))
  .transform(String)
  .pipe(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, _ or -"));
const debugOn = z
  .union([z.literal(0n), z.literal(1n)], { error: "must be 0 or 1, as a number" })
  .transform(String)
  .optional();
const cellPhone = z
  .string({
    error: ({ input }) => {
      if (input === undefined) return "is missing; give a Turkish mobile number such as 05xxxxxxxxx";
      const isNumber = typeof input === "number" || typeof input === "bigint";
      return isNumber ? "must be text; a JSON number loses its leading zero" : "must be text";
    },
  })
  .transform(by(parseCellPhone));
const email = z.string(missing("is missing; give one e-mail address", "must be text")).transform(by(parseEmail));

const Sms = envelope("link.send_sms", z.strictObject({ id, cell_phone: cellPhone, debug_on: debugOn }, NO_DATA));
const Email = envelope("link.send_email", z.strictObject({ id, email, debug_on: debugOn }, NO_DATA));
const Message = z.discriminatedUnion("type", [Sms, Email]);

/** `{message: {type, id, field, recipient, debugOn}}`, or `{problem}`. */
export function parseMessage({ text, malformed }) {
  if (malformed) return { problem: malformedBody(malformed) };
  let body;
  try {
    body = parse(text);
  } catch (error) {
    if (error instanceof Malformed) return { problem: malformedBody(error.message) };
    throw error;
  }
  const parsed = Message.safeParse(body);
  if (!parsed.success) return { problem: problemOf(parsed.error.issues, body) };
  const { type, data } = parsed.data;
  const field = type === "link.send_sms" ? "cell_phone" : "email";
  return { message: { type, id: data.id, field, recipient: data[field], debugOn: data.debug_on } };
}

function envelope(type, data) {
  return z.strictObject({ type: z.literal(type), timestamp: scalar.optional(), data });
}

function by(parseRecipient) {
  return (written, context) => {
    const { value, detail } = parseRecipient(written);
    if (!detail) return value;
    context.addIssue({ code: "custom", message: detail });
    return z.NEVER;
  };
}

function problemOf(issues, body) {
  const [first] = issues;
  if (first.path.length === 0 && first.code === "invalid_type") return malformedBody("The body is not a JSON object.");
  if (first.code === "invalid_union" && first.path[0] === "type") {
    return typeof body.type === "string"
      ? unknownType()
      : malformedBody('The member "type" must be there, as text.');
  }
  const noData = issues.find(({ code, path }) => code === "invalid_type" && path.length === 1 && path[0] === "data");
  if (noData) return malformedBody(noData.message);
  return invalidField(issues.flatMap(fieldErrors));
}

function fieldErrors({ code, path, keys, message }) {
  const pointer = path.map((name) => `/${name}`).join("");
  if (code !== "unrecognized_keys") return [{ pointer, detail: message }];
  return keys.map((name) =>
    QUOTABLE_NAME.test(name)
      ? { pointer: `${pointer}/${name}`, detail: "is not a field of this message" }
      : { pointer, detail: "has a field of an unknown name" },
  );
}
