// The schemas of openapi.yaml as tests of values. Strict: a keyword that JSON Schema does not know is an error.
import Ajv2020 from "ajv/dist/2020.js";
import { DOCUMENT } from "./document.mjs";

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
// The document's own members around the schemas, and OpenAPI's one word in them that tests nothing.
ajv.addVocabulary([...Object.keys(DOCUMENT), "discriminator"]);
ajv.addSchema(DOCUMENT, "openapi.yaml");

/** What is wrong with a value by the schema at a pointer into openapi.yaml; empty if nothing is. */
export function faults(pointer, value) {
  const validate = ajv.getSchema(`openapi.yaml#${pointer}`);
  if (validate === undefined) throw new Error(`openapi.yaml has no schema at ${pointer}`);
  return validate(value) ? [] : validate.errors.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The same for a header, whose values are texts whatever the schema's type. */
export function headerFaults({ pointer, node }, text) {
  const isNumber = node.schema.type === "integer" && /^\d+$/.test(text);
  return faults(`${pointer}/schema`, isNumber ? Number(text) : text);
}
