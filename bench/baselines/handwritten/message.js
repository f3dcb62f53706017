// What is asked? The body's bytes to a message.

import { Malformed, decode, isObject, parse } from "./json.js";
import { invalidField, malformedBody, unknownType } from "./problem.js";

export const LINK_ID = /^[A-Za-z0-9_-]{1,64}$/;
const PHONE = /^(?:\+90|0090|90|0)?(5\d{9})$/;
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const EMAIL = new RegExp(`^[A-Za-z0-9.!#$%'*+/?^_\`{|}~-]+@${LABEL}(?:\\.${LABEL})+$`);
const QUOTABLE_NAME = /^[A-Za-z_-]{1,40}$/;

/** `{message: {type, id, field, recipient, debugOn}}`, or what one of `parsers` makes of its type, or `{problem}`. */
export function parseMessage(bytes, parsers = {}) {
  let envelope;
  try {
    envelope = parse(decode(bytes));
  } catch (error) {
    if (error instanceof Malformed) return { problem: malformedBody(error.message) };
    throw error;
  }
  if (!isObject(envelope)) return { problem: malformedBody("The body is not a JSON object.") };

  const errors = [];
  for (const name of Object.keys(envelope)) {
    if (name === "timestamp") {
      if (typeof envelope.timestamp === "object" && envelope.timestamp !== null) {
        errors.push({ pointer: "/timestamp", detail: "must be text or a number; it is optional and not used" });
      }
    } else if (name !== "type" && name !== "data") errors.push(unknownField("", name));
  }
  const { type, data } = envelope;
  if (typeof type !== "string") return { problem: malformedBody('The member "type" must be there, as text.') };
  const parser = Object.hasOwn(parsers, type) ? parsers[type] : undefined;
  if (!parser && type !== "link.send_sms" && type !== "link.send_email") return { problem: unknownType() };
  if (!isObject(data)) return { problem: malformedBody('The member "data" must be there, as an object.') };
  if (parser) {
    const message = parser(data, errors);
    return errors.length > 0 ? { problem: invalidField(errors) } : { message };
  }

  const field = type === "link.send_sms" ? "cell_phone" : "email";
  for (const name of Object.keys(data)) {
    if (name !== "id" && name !== field && name !== "debug_on") errors.push(unknownField("/data", name));
  }
  const check = (name, { value, detail }) => {
    if (detail) errors.push({ pointer: `/data/${name}`, detail });
    return value;
  };
  const id = check("id", parseId(data.id));
  const recipient = check(field, field === "cell_phone" ? phone(data.cell_phone) : email(data.email));
  const debugOn = check("debug_on", parseDebugOn(data.debug_on));
  if (errors.length > 0) return { problem: invalidField(errors) };
  return { message: { type, id, field, recipient, debugOn } };
}

function parseId(given) {
  const value = typeof given === "bigint" ? String(given) : given;
  const is = typeof value === "string" && LINK_ID.test(value);
  return is ? { value } : { detail: "must be 1 to 64 letters, digits, _ or -, as text or as an integer" };
}

/** In PayTR's form. */
export function phone(given) {
  const match = typeof given === "string" && given.length <= 32 && PHONE.exec(given.replace(/[ \-.()]/g, ""));
  return match ? { value: `0${match[1]}` } : { detail: "must be a Turkish mobile number such as 05xxxxxxxxx, as text" };
}

export function email(given) {
  const is = typeof given === "string" && given.length <= 100 && EMAIL.test(given);
  return is ? { value: given } : { detail: "must be one e-mail address of the form name@example.com, as text" };
}

export function parseDebugOn(given) {
  if (given === undefined) return { value: undefined };
  return given === 0n || given === 1n ? { value: String(given) } : { detail: "must be 0 or 1, as a number" };
}

/** Quotes a name only if it looks like one: a number that strayed into a key is not repeated. */
export function unknownField(parent, name) {
  return QUOTABLE_NAME.test(name)
    ? { pointer: `${parent}/${name}`, detail: "is not a field of this message" }
    : { pointer: parent, detail: "has a field of an unknown name" };
}
