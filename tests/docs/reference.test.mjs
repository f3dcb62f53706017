// The tables of the pages are complete: they name what openapi.yaml names, which its own tests hold to the sources.
//
// In scope: the columns with names, in English; the Turkish pages have the same (languages.test.mjs). Not in scope: what is
// said of each.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { inRoot } from "../../scripts/paths.mjs";
import { codeSpansOf, isHeading, textOf, tokensOf } from "./support/pages.mjs";

const { components, webhooks } = parse(readFileSync(inRoot("openapi.yaml"), "utf8"));
const { schemas } = components;
const named = ({ $ref }) => schemas[$ref.split("/").at(-1)];

const TYPES = schemas.Message.oneOf.map((each) => named(each).properties.type.const);
const CREATE_FIELDS = schemas.Create.properties.data.oneOf.flatMap((each) => Object.keys(named(each).properties));
const OTHER_FIELDS = schemas.Message.oneOf.flatMap((each) => fieldsOf(named(each).properties.data ?? {}));
const CODES = Object.values(schemas).map(({ properties }) => properties?.code?.const).filter(Boolean);
const OUTCOMES = Object.values(schemas).map(({ properties }) => properties?.outcome?.const).filter(Boolean);
const REASONS = schemas.Reasons.items.enum;
const SETTINGS = schemas.Misconfigured.properties.settings.items.properties.name.enum;

function fieldsOf(schema) {
  if (schema.$ref) return fieldsOf(named(schema));
  if (schema.oneOf?.some(({ $ref }) => $ref?.endsWith("/NewProduct"))) return [];
  return [...Object.keys(schema.properties ?? {}), ...(schema.oneOf ?? schema.anyOf ?? []).flatMap(fieldsOf)];
}

const unique = (texts) => Array.from(new Set(texts)).sort();

/** The code spans of a column of a table of a page, both counted from 0, the table from a heading on. */
function column(page, heading, table = 0, number = 0) {
  const tokens = tokensOf(page);
  const headings = tokens.filter(isHeading);
  const from = tokens.indexOf(headings.find(({ text }) => text === heading));
  const { rows } = tokens.slice(from).filter(({ type }) => type === "table")[table];
  return unique(rows.flatMap((row) => codeSpansOf(row[number])));
}

describe("the tables name, no more and no less", () => {
  for (const [what, names, page, heading, table, number] of [
    ["message type", TYPES, "docs/reference.md", "The request"],
    ["field of link.create", CREATE_FIELDS, "docs/reference.md", "link.create"],
    ["field of the other messages", [...OTHER_FIELDS, "timestamp"], "docs/reference.md", "The request", 1],
    ["outcome", OUTCOMES, "docs/reference.md", "The answer"],
    ["problem", CODES, "docs/reference.md", "The answer", 1, 1],
    ["event", Object.keys(webhooks), "docs/reference.md", "Events"],
    ["setting", SETTINGS, "docs/reference.md", "Settings"],
    ["reason", REASONS, "docs/payments.md", "What to believe", 1],
  ]) {
    it(`every ${what}`, () => assert.deepEqual(column(page, heading, table, number), unique(names)));
  }

  it("every status of an answer", () => {
    const statuses = Object.values(schemas).map(({ properties }) => properties?.status?.const).filter(Number.isInteger);
    const [{ rows }] = tokensOf("docs/which-call-when.md").filter(({ type }) => type === "table").slice(2);
    const named = rows.flatMap(([answer]) => textOf(answer).match(/\b\d{3}\b/g) ?? []);
    assert.deepEqual(unique(named), unique([200, ...statuses].map(String)));
  });
});
