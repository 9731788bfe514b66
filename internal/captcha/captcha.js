// Gets a token for the captcha on the page: from the widget of a service, or by the proof of work. See package captcha.

// SHA-256 (FIPS 180-4) of a text of less than 56 bytes: one block. The browser's own takes far longer for so little, as each call is a promise.
const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
const constants = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));
const initial = Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)));
const words = new Int32Array(64);

// firstWord gives the first 32 bits of the sum, which is more than any puzzle asks for.
function firstWord(text) {
  words.fill(0, 0, 16);
  for (let i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
  words[text.length >> 2] |= 128 << (24 - 8 * (text.length & 3));
  words[15] = text.length * 8;
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15], y = words[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = initial;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[i] + words[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  return (a + initial[0]) | 0;
}

// work looks for the numbers, in slices that leave the page alive.
async function work(salt, bits, parts, progress) {
  const numbers = [];
  for (let part = 0; part < parts; part++) {
    const before = `${salt}.${part}.`;
    let until = performance.now() + 20;
    for (let n = 0; ; n++) {
      if (Math.clz32(firstWord(before + n)) >= bits) {
        numbers.push(n);
        break;
      }
      if ((n & 255) === 255 && performance.now() > until) {
        await new Promise((go) => setTimeout(go));
        until = performance.now() + 20;
      }
    }
    progress((part + 1) / parts);
  }
  return numbers.join(".");
}

const pause = (ms) => new Promise((go) => setTimeout(go, ms));

// api waits for the script of a service and gives what it brought. hCaptcha and Turnstile pose as reCAPTCHA too, so they are looked for first.
async function api(source) {
  await new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = source;
    script.async = true;
    script.onload = loaded;
    script.onerror = () => failed(new Error("not loaded"));
    document.head.append(script);
  });
  for (let i = 0; i < 100; i++) {
    const found = window.turnstile || window.hcaptcha || window.grecaptcha;
    if (found && (found.render || found.ready)) return found;
    await pause(100);
  }
  throw new Error("nothing came");
}

// service has the widget of a service give tokens to done.
async function service(data, place, done, failed) {
  const captcha = await api(data.source);
  if (captcha.ready && captcha === window.grecaptcha) await new Promise((go) => captcha.ready(go));
  const render = new URL(data.source, location.href).searchParams.get("render");
  if (render && render !== "explicit" && captcha === window.grecaptcha) {
    done(await captcha.execute(data.key, { action: "weimen" })); // reCAPTCHA 3 has no widget
    return;
  }
  const interactive = data.interactive === "true";
  const options = { sitekey: data.key, callback: done, "expired-callback": () => done(""), "error-callback": failed };
  if (captcha !== window.turnstile) options.size = interactive ? "normal" : "invisible";
  const id = captcha.render(place, options);
  if (!interactive && captcha !== window.turnstile) captcha.execute(id);
}

for (const box of document.querySelectorAll("[data-captcha]")) {
  const form = box.closest("form");
  const field = box.querySelector("input");
  const button = form.querySelector("button:not([type])"); // the one that sends it
  const status = box.querySelector("[data-status]");
  const say = (what) => { status.textContent = status.dataset[what] || ""; };
  const done = (token) => {
    field.value = token;
    button.disabled = !token;
    say(token ? "done" : "working");
    if (token && box.dataset.auto === "true") form.requestSubmit ? form.requestSubmit(button) : form.submit();
  };
  const failed = () => say("failed");
  button.disabled = true;
  say("working");
  if (box.dataset.salt) {
    const bar = box.querySelector("progress");
    work(box.dataset.salt, +box.dataset.bits, +box.dataset.parts, (part) => { bar.value = part; }).then(done, failed);
  } else {
    service(box.dataset, box.querySelector("[data-widget]"), done, failed).catch(failed);
  }
}
