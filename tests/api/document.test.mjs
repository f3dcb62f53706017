// openapi.yaml by itself: is it OpenAPI 3.1, do its examples keep to its schemas, does it name what the sources name?
//
// In scope: what can be told without a running Worker. Not in scope: whether the Worker answers so (examples.test.mjs,
// conformance.test.mjs).
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { inRoot } from "../../scripts/paths.mjs";
import { ANSWERS, DOCUMENT, EVENTS, FILE, MESSAGES, REQUESTS, find } from "./support/document.mjs";
import { faults, headerFaults } from "./support/schemas.mjs";

const TEXT = readFileSync(FILE, "utf8");
/** A source file, each of its texts on one line. */
const source = (file) => readFileSync(inRoot(file), "utf8").replaceAll(/\\\n\s*/g, "");
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

it("refers to named parts alone, which generators give names of their own", () => {
  assert.equal(TEXT.match(/"#\/components\/\w+\/\w+\/[^"]*"/g), null);
});

it("has no default that would make a field of a message required of whoever generates types from it", () => {
  const withDefault = [];
  (function look(node, pointer) {
    if (node === null || typeof node !== "object") return;
    if ("default" in node && "type" in node) withDefault.push(pointer);
    for (const [name, child] of Object.entries(node)) look(child, `${pointer}/${name}`);
  })(DOCUMENT.components.schemas, "");
  assert.deepEqual(withDefault, []);
});

it("every operation has a tag that is described", () => {
  const items = [...Object.values(DOCUMENT.paths), ...Object.values(DOCUMENT.webhooks)];
  const operations = items.flatMap((item) => Object.values(item).filter((part) => part.operationId));
  const tags = unique(operations.flatMap((operation) => operation.tags ?? [`none of ${operation.operationId}`]));
  assert.deepEqual(tags, DOCUMENT.tags.map(({ name }) => name).sort());
});

it("every part that is kept for reference is referred to", () => {
  for (const [kind, parts] of Object.entries(DOCUMENT.components)) {
    for (const name of Object.keys(parts)) {
      // OpenAPI refers to these by their names.
      const reference = kind === "securitySchemes" ? `security: [{ ${name}: [] }]` : `"#/components/${kind}/${name}"`;
      assert.ok(TEXT.includes(reference), `${kind}/${name}`);
    }
  }
});

describe("every example keeps to its schema", () => {
  for (const [kind, [examples, schema]] of Object.entries(REQUESTS)) {
    for (const [name, example] of Object.entries(examples)) {
      it(`the ${kind} ${name}`, () => assert.deepEqual(faults(schema, example), []));
    }
  }
  for (const { type, example, schema, body } of EVENTS) {
    it(`the event ${type} ${example}`, () => assert.deepEqual(faults(schema, body), []));
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

  it("every problem of src/http/problem.rs, with its status and code", () => {
    const documented = unique(problems.map(({ status, body }) => `${status} ${body.code}`));
    assert.deepEqual(documented, named("src/http/problem.rs", /\((\d{3}), "([a-z-]+)"\)/g));
  });

  it("in the schemas the same problems as in the examples", () => {
    const schemas = Object.values(DOCUMENT.components.schemas).filter(({ properties }) => properties?.code?.const);
    const pairs = schemas.map(({ properties: { status, code } }) => `${status.const} ${code.const}`);
    assert.deepEqual(pairs.sort(), unique(problems.map(({ body }) => `${body.status} ${body.code}`)));
  });

  it("every message type of src/message", () => {
    const { oneOf, discriminator } = DOCUMENT.components.schemas.Message;
    const schemaOf = oneOf.map(({ $ref }) => [find($ref.slice(1)).node.properties.type.const, $ref]);
    assert.deepEqual(discriminator.mapping, Object.fromEntries(schemaOf));
    const types = schemaOf.map(([type]) => type).sort();
    assert.deepEqual(types, messageTypes(/const TYPE: &'static str = "(.+)";/g));
    assert.deepEqual(unique(Object.values(MESSAGES).map(({ type }) => type)), types);
  });

  it("every field of link.create", () => {
    const { oneOf } = find("/components/schemas/Create/properties/data").node;
    const fields = unique(oneOf.flatMap(({ $ref }) => Object.keys(find($ref.slice(1)).node.properties)));
    const [list] = named("src/message/create.rs", /const FIELDS: &'static \[&'static str\] = &\[([^\]]+)\]/g);
    const refused = ["callback_link", "callback_id"];
    assert.deepEqual([...fields, ...refused].sort(), [...list.matchAll(/"(\w+)"/g)].map(([, field]) => field).sort());
  });

  it("every event and every reason of src/payment", () => {
    const types = Object.entries(DOCUMENT.webhooks).map(([name, { post }]) => {
      const { schema } = post.requestBody.content["application/json"];
      assert.equal(find(schema.$ref.slice(1)).node.properties.type.const, name);
      return name;
    });
    const ofPayments = named("src/payment/event_type.rs", /=> "(link\.\w+)"/g);
    const ofPing = named("src/message/ping.rs", /const TYPE: &'static str = "(.+)";/g);
    assert.deepEqual(types.sort(), [...ofPayments, ...ofPing].sort());
    const reasons = named("src/payment/assessment.rs", /\bReason::(\w+),/g);
    const inSnakeCase = reasons.map((name) => name.replaceAll(/(?<!^)[A-Z]/g, "_$&").toLowerCase());
    assert.deepEqual(DOCUMENT.components.schemas.Reasons.items.enum.toSorted(), unique(inSnakeCase));
  });

  it("every delay of the deliveries of src/tasks/deliver_event.rs", () => {
    const { description } = DOCUMENT.components.responses.EventFailed;
    const [delays] = named("src/tasks/deliver_event.rs", /DELAYS_MS: \[u64; 10\] = \[\s*0,([^\]]+)\]/g);
    const units = { SECOND: "s", MINUTE: "min", HOUR: "h" };
    const matches = [...delays.matchAll(/(\d+) \* (SECOND|MINUTE|HOUR)_MS/g)];
    const words = matches.map(([, number, unit]) => `${number} ${units[unit]}`);
    assert.equal(words.length, 9);
    assert.ok(description.replaceAll("\n", " ").includes(`${words.slice(0, -1).join(", ")} and ${words.at(-1)} after`));
  });

  it("every setting of src/config.rs", () => {
    const { name } = DOCUMENT.components.schemas.Misconfigured.properties.settings.items.properties;
    const inSource = named("src/config.rs", /\.(?:required|optional|or_empty)\("([A-Z_]+)"/g);
    assert.deepEqual(name.enum.toSorted(), inSource);
  });

  it("every outcome of src/edge/hook.rs, and every reason that a delivery can be answered with", () => {
    const { outcome, reason } = find("/components/schemas/Delivered").node.properties;
    assert.deepEqual(outcome.enum.toSorted(), named("src/edge/hook.rs", /\baccept\("([a-z]+)"/g));
    const reasons = [
      ...["woocommerce", "shopify"].flatMap((platform) =>
        named(`src/storefront/${platform}.rs`, /Reading::\w+\("([a-z0-9-]+)"\)/g),
      ),
      ...named("src/storefront/wish.rs", /Self::\w+ => "([a-z-]+)"/g),
      ...named("src/order/news.rs", /Self::(?:Older|Unchanged|NoNumber) => "([a-z-]+)"/g),
    ];
    assert.deepEqual(reason.enum.toSorted(), unique(reasons));
  });

  it("every platform of src/storefront", () => {
    const { platform } = find("/components/schemas/Pong").node.properties.storefronts.items.properties;
    const [list] = named("src/storefront/mod.rs", /^platforms!\[(.+)\];$/gm);
    assert.deepEqual(platform.enum.toSorted(), [...list.matchAll(/(\w+)::/g)].map(([, name]) => name).sort());
  });

  it("every detail that src/json.rs and src/message have for a malformed body", () => {
    const malformed = problems.filter(({ body }) => body.code === "malformed-body");
    const inSources = [
      ...named("src/json.rs", /"(The body [^"]+)"/g),
      ...messageTypes(/Malformed\w*\("((?:[^"\\]|\\")+)"\)/g).map((text) => text.replaceAll('\\"', '"')),
    ];
    assert.deepEqual(unique(malformed.map(({ body }) => body.detail)), unique(inSources));
  });

  it("every text that src/paytr/notification.rs and src/edge/callback.rs have for PayTR", () => {
    const texts = (status) => {
      const answers = ANSWERS.filter((answer) => answer.operation === "POST /callback" && answer.status === status);
      assert.deepEqual(find(answers[0].schema).node.enum.toSorted(), answers.map(({ body }) => body).sort());
      return answers.map(({ body }) => body.replace("PAYTR notification failed: ", "")).sort();
    };
    const inSources = [
      ...named("src/paytr/notification.rs", /"((?:the|a) f(?:ield|orm) [^"]+|bad hash)"/g),
      ...named("src/edge/callback.rs", /refuse\(context, 400, "([^"]+)"\)/g),
    ];
    // Said to nobody: the caller is gone.
    const unheard = "the form ended too early";
    assert.deepEqual([...texts(400), unheard].sort(), unique(inSources));
    assert.deepEqual(texts(500), named("src/edge/callback.rs", /failed\(500, "[^"]+", "([^"]+)"\)/g));
  });
});

/** What a pattern's group matches in the files of the message types. */
function messageTypes(pattern) {
  const sources = readdirSync(inRoot("src/message")).map((file) => source(`src/message/${file}`));
  return unique(sources.flatMap((text) => [...text.matchAll(pattern)].map(([, group]) => group)));
}
