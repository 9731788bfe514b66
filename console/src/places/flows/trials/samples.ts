// People as WeChat describes them to a website (sns/userinfo), made up.

import type { Row } from '../../../api/query';

export interface Sample {
  /** Names it among the texts, below mappings.sample. */
  key: string;
  profile: Row;
}

const place = { sex: 0, language: 'zh_CN', city: '', province: '', country: '', privilege: [] };

/** What WeChat gives since 2021: no sex and no place, and a unionid where the app is bound to an Open Platform account. */
export const samples: readonly Sample[] = [
  {
    key: 'usual',
    profile: {
      openid: 'oSample-b3C0pD9eFgH1iJkLmN2', nickname: '飞翔的企鹅', ...place, headimgurl: 'https://thirdwx.qlogo.cn/mmopen/vi_32/sample/132', unionid: 'oUnion-6Qx8Zt2RvW4yB7nD0kPs',
    },
  },
  { key: 'unbound', profile: { openid: 'oSample-u7T5rE3wQ1aS9dF6gHjK', nickname: 'Ada', ...place, headimgurl: 'https://thirdwx.qlogo.cn/mmopen/vi_32/sample/132' } },
  {
    key: 'odd',
    profile: { openid: 'oSample-z1X2c3V4b5N6m7L8k9J0', nickname: ' 🐟☁️一条名字特别特别特别长还带着表情和空格的小鱼在天上飞 ', ...place, headimgurl: '', unionid: '' },
  },
];

/** What may be known of the token that came with a profile. */
export const tokenOf = (profile: Row): Row => ({ openid: profile.openid ?? '', scope: 'snsapi_login', expires_in: 7200 });
