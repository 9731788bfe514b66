// What a User-Agent tells, in words that people know. The server's own pages read the same marks (internal/portal/device.go).

/** A mark and the key of its name. The first that is found wins, so the impostors come before whom they claim to be. */
const browsers: [mark: string, name: string][] = [
  ['MicroMessenger/', 'wechat'], ['wxwork/', 'wecom'], ['DingTalk/', 'dingtalk'], ['Lark/', 'feishu'], ['QQBrowser/', 'qq'], ['UCBrowser/', 'uc'], ['Edg/', 'Edge'],
  ['EdgA/', 'Edge'], ['EdgiOS/', 'Edge'], ['OPR/', 'Opera'], ['SamsungBrowser/', 'samsung'], ['MiuiBrowser/', 'xiaomi'], ['HuaweiBrowser/', 'huawei'], ['Vivaldi/', 'Vivaldi'],
  ['FxiOS/', 'Firefox'], ['Firefox/', 'Firefox'], ['CriOS/', 'Chrome'], ['Chromium/', 'Chromium'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari'], ['curl/', 'curl'],
];

const systems: [mark: string, name: string][] = [
  ['OpenHarmony', 'HarmonyOS'], ['HarmonyOS', 'HarmonyOS'], ['iPhone', 'iOS'], ['iPad', 'iPadOS'], ['Android', 'Android'], ['CrOS', 'ChromeOS'], ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'], ['Macintosh', 'macOS'], ['Linux', 'Linux'],
];

const handhelds = new Set(['iOS', 'iPadOS', 'Android']);

export interface Device {
  /** A brand's own name, or in lower case the key of one that has a name in each language. Empty: unknown. */
  browser: string;
  system: string;
  handheld: boolean;
}

const find = (agent: string, marks: [string, string][]) => marks.find(([mark]) => agent.includes(mark))?.[1] ?? '';

export function deviceOf(agent: string): Device {
  const text = agent.slice(0, 1024);
  const system = find(text, systems);
  return { browser: find(text, browsers), system, handheld: handhelds.has(system) || (system === 'HarmonyOS' && !text.includes('PC')) };
}
