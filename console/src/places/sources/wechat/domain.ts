// The callback domain (授权回调域) that follows from the public address, and what keeps WeChat from taking it.

/** Why WeChat cannot send browsers back to an address, the weightiest first. Plain http is a warning: WeChat takes it, but then what it confirms travels in clear. */
export type DomainFault = 'localhost' | 'ip' | 'name' | 'port' | 'http';

export interface CallbackDomain {
  /** Exactly what to register: a host without scheme, port and path. */
  domain: string;
  faults: DomainFault[];
}

/** Reads the domain out of an address of ours: the public one, or a source's callback address. */
export function callbackDomain(address: string): CallbackDomain {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return { domain: '', faults: ['name'] };
  }
  const domain = url.hostname;
  const faults: DomainFault[] = [];
  if (domain === 'localhost' || domain.endsWith('.localhost')) faults.push('localhost');
  else if (/^\d+(\.\d+){3}$/.test(domain) || domain.startsWith('[')) faults.push('ip');
  else if (!domain.includes('.')) faults.push('name');
  if (url.port !== '') faults.push('port'); // a default port is left out by URL itself
  if (url.protocol !== 'https:') faults.push('http');
  return { domain, faults };
}

/** An address without its path. */
export function originOf(address: string): string {
  try {
    return new URL(address).origin;
  } catch {
    return address;
  }
}

/** Whether nobody could come back from WeChat. */
export const hopeless = (faults: DomainFault[]) => faults.some((fault) => fault !== 'http');

/** A host that a source with addresses of its own leads to in place of WeChat's, as the simulator's; undefined for WeChat itself. */
export function elsewhere(own: string | null | undefined, official: string | null | undefined): string | undefined {
  if (!own || own === official) return undefined;
  try {
    return new URL(own).host;
  } catch {
    return own;
  }
}
