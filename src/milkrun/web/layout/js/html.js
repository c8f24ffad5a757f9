// The one place where text from our own server becomes part of the page. Scripts in it never run.
const policy = globalThis.trustedTypes
  ? trustedTypes.createPolicy("milkrun", { createHTML: (text) => text })
  : { createHTML: (text) => text };

/** Parse a whole page of ours. */
export function parse(text) {
  return new DOMParser().parseFromString(policy.createHTML(text), "text/html");
}
