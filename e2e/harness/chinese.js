// Looks for English that was left on a Chinese page: every text, shown or hidden, every label and placeholder.

/** Names that Chinese readers know in Latin letters. Words of one or two letters are names too: OK, QQ, IP. */
const names = new Set(('Weimen Demo OpenID Connect Chrome Chromium Safari Edge Linux JavaScript Cookie Microsoft Authenticator ' +
  'Administrator akadmin Alice Martin English').split(' '));

/**
 * @param {import('playwright-core').Page} page
 * @param {string[]} [known] further names that belong on the page
 * @returns {Promise<string[]>} the texts with a word in Latin letters that is no name
 */
export async function english(page, known = []) {
  const texts = await page.evaluate(() => {
    const found = [document.title];
    const foreign = (element) => element.closest('script, style, bdi, code, [lang]:not(html)');
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
  return texts.filter((text) => {
    const plain = text.replace(/\S+@\S+|https?:\S+/g, ''); // addresses
    return (plain.match(/[A-Za-z]{3,}/g) ?? []).some((word) => !allowed.has(word));
  });
}
