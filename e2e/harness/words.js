// What people read where a scenario must find or expect it, in both languages. It is written here once more,
// not read from the product: whoever changes a word that people act on should see it.

export const languages = ['en', 'zh'];

/** What the browser of a reader asks for. */
export const locales = { en: 'en', zh: 'zh-CN' };

export const words = {
  en: {
    html: 'en',
    signIn: 'Sign in',
    signOut: 'Sign out',
    withWeChat: 'Continue with WeChat',
    openPhone: 'Open the simulated phone',
    otherLanguage: '简体中文',
    who: 'Who can fix it',
    next: 'What to do now',
    supportCode: 'Support code for the administrator',
    account: 'My account',
    disconnect: 'Disconnect WeChat',
    revoke: /^Sign out .* on /,
    revoked: 'The browser was signed out.',
    disconnected: 'The account was disconnected.',
    signedOut: 'You’re signed out',
    wrongPassword: 'The password is not right. Please try once more.',
    tooShort: 'The password is too short. Please use at least 8 characters.',
    different: 'The two passwords are not the same. Please type them once more.',
    cancelledOnPhone: 'Refused on the phone',
    allow: 'Allow',
    deny: 'Don’t allow',
  },
  zh: {
    html: 'zh-Hans',
    signIn: '登录',
    signOut: '退出登录',
    withWeChat: '使用微信登录',
    openPhone: '打开模拟手机',
    otherLanguage: 'English',
    who: '谁可以处理',
    next: '现在怎么做',
    supportCode: '支持编号（提供给管理员）',
    account: '我的账户',
    disconnect: '解除关联微信',
    revoke: /^退出登录：/,
    revoked: '该设备已退出登录。',
    disconnected: '关联已解除。',
    signedOut: '你已退出登录',
    wrongPassword: '密码不正确，请再试一次。',
    tooShort: '密码太短，请至少使用 8 个字符。',
    different: '两次输入的密码不一致，请重新输入。',
    cancelledOnPhone: '您已在手机上拒绝',
    allow: '允许',
    deny: '拒绝',
  },
};
