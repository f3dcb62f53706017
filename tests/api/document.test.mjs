// openapi.yaml by itself: is it OpenAPI 3.1, do its examples keep to its schemas, does it name what the sources name?
//
// In scope: what can be told without a running Worker. Not in scope: whether the Worker answers so (examples.test.mjs,
// conformance.test.mjs).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { inRoot } from "../../scripts/paths.mjs";
import { ANSWERS, DOCUMENT, FILE, MESSAGES, MESSAGE_SCHEMA, find } from "./support/document.mjs";
import { faults, headerFaults } from "./support/schemas.mjs";

const source = (file) => readFileSync(inRoot(file), "utf8");
/** What a pattern's groups match in a source file. At least one match, or the pattern is out of date. */
function named(file, pattern) {
  const matches = [...source(file).matchAll(pattern)].map(([, ...groups]) => groups.join(" "));
  assert.ok(matches.length > 0, `${file} has nothing like ${pattern}`);
  return [...new Set(matches)].sort();
}
const unique = (values) => [...new Set(values)].sort();

it("it is a valid OpenAPI 3.1 document", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(DOCUMENT));
  assert.ok(valid, JSON.stringify(errors, undefined, 2));
  assert.equal(validator.version, "3.1");
});

it("it is of the Worker's version", () => {
  assert.deepEqual([DOCUMENT.info.version], named("Cargo.toml", /^\[workspace\.package\]\nversion = "(.+)"$/gm));
});

it("every part that is kept for reference is referred to", () => {
  const text = readFileSync(FILE, "utf8");
  for (const [kind, parts] of Object.entries(DOCUMENT.components)) {
    for (const name of Object.keys(parts)) {
      assert.ok(text.includes(`"#/components/${kind}/${name}"`), `${kind}/${name}`);
    }
  }
});

describe("every example keeps to its schema", () => {
  for (const [name, message] of Object.entries(MESSAGES)) {
    it(`the message ${name}`, () => assert.deepEqual(faults(MESSAGE_SCHEMA, message), []));
  }
  for (const { operation, status, example, schema, body } of ANSWERS.filter(({ mediaType }) => mediaType)) {
    it(`the answer ${operation} ${status} ${example}`, () => assert.deepEqual(faults(schema, body), []));
  }
  for (const kind of ["parameters", "headers"]) {
    for (const [name, { example }] of Object.entries(DOCUMENT.components[kind]).filter(([, { example }]) => example)) {
      it(`${kind}: ${name}`, () => assert.deepEqual(headerFaults(find(`/components/${kind}/${name}`), example), []));
    }
  }
});

describe("it names what the sources name, no more and no less", () => {
  const problems = ANSWERS.filter(({ mediaType }) => mediaType === "application/problem+json");

  it("every problem of src/problem.rs, with its status and code", () => {
    const documented = unique(problems.map(({ status, body }) => `${status} ${body.code}`));
    assert.deepEqual(documented, named("src/problem.rs", /\((\d{3}), "([a-z-]+)"\)/g));
  });

  it("in the schemas the same problems as in the examples", () => {
    const schemas = Object.values(DOCUMENT.components.schemas).filter(({ properties }) => properties?.code?.const);
    const pairs = schemas.map(({ properties: { status, code } }) => `${status.const} ${code.const}`);
    assert.deepEqual(pairs.sort(), unique(problems.map(({ body }) => `${body.status} ${body.code}`)));
  });

  it("every message type of src/message.rs", () => {
    const { oneOf, discriminator } = DOCUMENT.components.schemas.Message;
    const schemaOf = oneOf.map(({ $ref }) => [find($ref.slice(1)).node.properties.type.const, $ref]);
    assert.deepEqual(discriminator.mapping, Object.fromEntries(schemaOf));
    const types = schemaOf.map(([type]) => type).sort();
    const list = named("src/message.rs", /^pub const TYPES: .* = \[(.+)\];$/gm)
      .join()
      .split(", ");
    assert.deepEqual(types, list.map(JSON.parse).sort());
    assert.deepEqual(unique(Object.values(MESSAGES).map(({ type }) => type)), types);
  });

  it("every setting of src/settings.rs", () => {
    const { items } = DOCUMENT.components.schemas.Misconfigured.properties.settings;
    assert.deepEqual(
      items.properties.name.enum.toSorted(),
      named("src/settings.rs", /\.(?:required|optional)\("([A-Z_]+)"/g),
    );
  });

  it("every detail that src/json.rs and src/message.rs have for a malformed body", () => {
    const details = unique(
      problems.filter(({ body }) => body.code === "malformed-body").map(({ body }) => body.detail),
    );
    const inSources = [
      ...named("src/json.rs", /"(The body [^"]+)"/g),
      ...named("src/message.rs", /Malformed\("((?:[^"\\]|\\")+)"\)/g).map((text) => text.replaceAll('\\"', '"')),
    ];
    assert.deepEqual(details, inSources.sort());
  });
});
