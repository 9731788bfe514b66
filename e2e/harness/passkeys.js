// A device that holds passkeys, as Chromium's developer tools pretend one.

/**
 * Gives a page a device that confirms whatever it is asked.
 *
 * @param {import('playwright-core').BrowserContext} context
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{count: () => Promise<number>, willing: (yes: boolean) => Promise<void>, present: (yes: boolean) => Promise<void>}>}
 *   count is how many passkeys it holds; one that is not willing lets the person's fingerprint fail; while it is not
 *   present it waits
 */
export async function giveDevice(context, page) {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return {
    count: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    willing: (yes) => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: yes }),
    present: (yes) => session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: yes }),
  };
}
