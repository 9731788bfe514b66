// A browser reduced to what signing in needs: it keeps cookies, follows redirects and submits forms. It has no script, and opens nothing
// but Weimen.

/** Somebody without script who visits Weimen. */
export class Visitor {
  #cookies = new Map();
  #home;
  #url;
  #text = '';

  /** @param {string} home Weimen's address; any other is where a walk ends */
  constructor(home) {
    this.#home = new URL(home).origin;
  }

  /**
   * Opens an address and follows redirects until a page of Weimen's is shown or the way leads elsewhere.
   *
   * @param {string|URL} to
   * @param {URLSearchParams} [form] what to send by POST
   * @returns {Promise<URL>} where the walk ended; an address elsewhere is not asked
   */
  async open(to, form) {
    this.#url = new URL(to, this.#url);
    for (let hops = 0; this.#url.origin === this.#home; hops++) {
      if (hops === 20) throw new Error(`redirects in circles, last ${this.#url.pathname}`);
      const answer = await fetch(this.#url, {
        method: form ? 'POST' : 'GET',
        body: form,
        redirect: 'manual',
        headers: { Cookie: this.#cookieHeader(), Accept: 'text/html', ...(form && { Origin: this.#home }) },
      });
      this.#keep(answer.headers.getSetCookie());
      this.#text = await answer.text();
      const location = answer.headers.get('Location');
      if (!location) {
        if (!answer.ok) throw new Error(`${this.#url.pathname}: ${answer.status} ${this.#words()}`);
        break;
      }
      this.#url = new URL(location, this.#url);
      form = undefined; // every redirect here is followed by GET
    }
    return this.#url;
  }

  /** Follows the link of the page whose address begins so. */
  follow(prefix) {
    const link = [...this.#text.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => plain(href)).find((href) => href.startsWith(prefix));
    if (!link) throw new Error(`no link to ${prefix} at ${this.#url.pathname}: ${this.#words()}`);
    return this.open(link);
  }

  /** Presses the button with these words, and so submits its form as the server filled it in. */
  press(words) {
    for (const [, attributes, inside] of this.#text.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)) {
      const button = [...inside.matchAll(/<button([^>]*)>([^<]*)<\/button>/g)].find(([, , text]) => plain(text).trim() === words);
      if (!button) continue;
      const form = new URLSearchParams();
      for (const [, tag] of inside.matchAll(/<input([^>]*)>/g)) {
        if (attribute(tag, 'type') === 'hidden') form.append(attribute(tag, 'name'), attribute(tag, 'value') ?? '');
      }
      const name = attribute(button[1], 'name');
      if (name) form.append(name, attribute(button[1], 'value') ?? '');
      return this.open(attribute(attributes, 'action') ?? this.#url, form);
    }
    throw new Error(`no button ${words} at ${this.#url.pathname}: ${this.#words()}`);
  }

  #cookieHeader() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(lines) {
    for (const line of lines) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value && !/;\s*max-age=(0|-)/i.test(line)) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
  }

  #words() {
    return this.#text.replace(/<style.*?<\/style>/gs, '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 400);
  }
}

function attribute(tag, name) {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value && plain(value);
}

/** Undoes html/template's escapes. */
function plain(text) {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code)).replace(/&(amp|lt|gt|quot);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name]);
}
