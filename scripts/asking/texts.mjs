// The texts of every command that asks a relay, by language.
import en from "./en.mjs";
import tr from "./tr.mjs";

/** By language; the same members in each. */
export const ASKING = { en, tr };
