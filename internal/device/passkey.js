// Asks the browser for a passkey, or to make one, and sends its answer with the page's form. Everything that people read stands in the page; this shows or hides it.

const form = document.querySelector("form[data-passkey]");
const part = (name) => document.querySelector(`[data-part="${name}"]`);

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (list) => (list || []).map((item) => ({ ...item, id: bytes(item.id) }));

function creation(json) {
  return { ...json, challenge: bytes(json.challenge), user: { ...json.user, id: bytes(json.user.id) }, excludeCredentials: known(json.excludeCredentials) };
}

function request(json) {
  return { ...json, challenge: bytes(json.challenge), allowCredentials: known(json.allowCredentials) };
}

function written(credential) {
  const { response } = credential;
  const out = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) out[name] = text(response[name]);
  }
  if (response.getTransports) out.transports = response.getTransports();
  const whole = { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: out, clientExtensionResults: credential.getClientExtensionResults() };
  if (credential.authenticatorAttachment) whole.authenticatorAttachment = credential.authenticatorAttachment;
  return JSON.stringify(whole);
}

function say(name) {
  for (const item of document.querySelectorAll("[data-part]")) item.hidden = !["ready", name].includes(item.dataset.part);
}

async function ask() {
  const options = JSON.parse(form.dataset.passkey);
  const button = form.querySelector("button");
  button.disabled = true;
  say("waiting");
  try {
    const credential = form.dataset.ceremony === "create"
      ? await navigator.credentials.create({ publicKey: creation(options) })
      : await navigator.credentials.get({ publicKey: request(options) });
    form.elements[form.dataset.field].value = written(credential);
    form.submit();
  } catch (error) {
    button.disabled = false;
    say(error.name === "InvalidStateError" ? "known" : "cancelled");
    button.focus();
  }
}

if (form && window.PublicKeyCredential && navigator.credentials) {
  say("ready");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
} else if (form) {
  say("unsupported");
  part("ready").hidden = true;
}
