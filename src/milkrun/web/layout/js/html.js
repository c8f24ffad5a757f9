// The one place where text from our own server becomes part of the page, and an address of ours a script. Scripts in
// parsed pages never run, and an address elsewhere is refused.
function ourScript(address) {
  if (new URL(address, location.href).origin !== location.origin) throw new TypeError("Scripts come from here only.");
  return address;
}

const policy = globalThis.trustedTypes
  ? trustedTypes.createPolicy("milkrun", { createHTML: (text) => text, createScriptURL: ourScript })
  : { createHTML: (text) => text, createScriptURL: ourScript };

/** Parse a whole page of ours. */
export function parse(text) {
  return new DOMParser().parseFromString(policy.createHTML(text), "text/html");
}

/** Admit one of our own files as a script. */
export function script(address) {
  return policy.createScriptURL(address);
}
