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

function send(credential) {
  form.elements[form.dataset.field].value = written(credential);
  form.submit();
}

// With data-autofill the browser offers passkeys among the names that it fills in, until the button is pressed. Nothing is said of it: it is the browser's to show.
let offered;

async function offer() {
  if (!("autofill" in form.dataset) || !PublicKeyCredential.isConditionalMediationAvailable) return;
  if (!(await PublicKeyCredential.isConditionalMediationAvailable())) return;
  offered = new AbortController();
  try {
    send(await navigator.credentials.get({ publicKey: request(JSON.parse(form.dataset.passkey)), mediation: "conditional", signal: offered.signal }));
  } catch {
    // the button was pressed, or nothing chosen
  }
}

async function ask() {
  const options = JSON.parse(form.dataset.passkey);
  const button = form.querySelector("button");
  button.disabled = true;
  say("waiting");
  if (offered) offered.abort();
  try {
    send(form.dataset.ceremony === "create"
      ? await navigator.credentials.create({ publicKey: creation(options) })
      : await navigator.credentials.get({ publicKey: request(options) }));
  } catch (error) {
    button.disabled = false;
    say(error.name === "InvalidStateError" ? "known" : "cancelled");
    button.focus();
    offer();
  }
}

if (form && window.PublicKeyCredential && navigator.credentials) {
  say("ready");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  offer();
} else if (form) {
  say("unsupported");
  part("ready").hidden = true;
}
