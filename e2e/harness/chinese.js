// Looks for English that was left on a Chinese page: every text, shown or hidden, every label and placeholder.

/** Names that Chinese readers know in Latin letters. Words of one or two letters are names too: OK, QQ, IP. */
const names = new Set(('Weimen Demo OpenID Connect Chrome Chromium Safari Edge Linux JavaScript Cookie Microsoft Authenticator ' +
  'Administrator akadmin Alice Martin English').split(' '));

/**
 * @param {import('playwright-core').Page} page
 * @param {string[]} [known] further names that belong on the page, words or whole phrases
 * @returns {Promise<string[]>} the texts with a word in Latin letters that is no name
 */
export async function english(page, known = []) {
  await page.waitForLoadState(); // after a click the next page may have no body yet
  const texts = await page.evaluate(() => {
    const found = [document.title];
    const foreign = (element) => element.closest('script, noscript, style, bdi, code, pre, .code, .cm-editor, [lang]:not(html)');
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (!foreign(walker.currentNode.parentElement)) found.push(walker.currentNode.data);
    }
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')) {
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
        if (!foreign(element) && element.hasAttribute(name)) found.push(element.getAttribute(name));
      }
    }
    return found.map((text) => text.trim()).filter(Boolean);
  });
  const allowed = new Set([...names, ...known]);
  const phrases = known.filter((name) => /[^A-Za-z]/.test(name)).sort((a, b) => b.length - a.length);
  return texts.filter((text) => {
    const plain = phrases.reduce((rest, phrase) => rest.replaceAll(phrase, ''), text).replace(/“[ -~]+”|\S+@\S+|https?:\S+|\w+\["[^"]*"\]|\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\b[\w-]+(?:\.[\w-]+)+(?:\/[\w-]+)*\b|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b|\b[A-Z]+=[^,]+/g, ''); // quoted examples, addresses, code and codes
    return (plain.match(/[A-Za-z]{3,}/g) ?? []).some((word) => !allowed.has(word));
  });
}
