// Every word the script says, in both languages: 'key': [Chinese, English]. {name} is filled in.
// Everybody adds to it in a marked block of his own.
const TEXT = {
  // --- shell: bar, navigation, states (client)
  'app': ['外访', 'Field visits'],
  'nav.today': ['今日', 'Today'],
  'nav.case': ['案件', 'Case'],
  'nav.outbox': ['待发', 'Outbox'],
  'nav.me': ['我的', 'Me'],
  'nav.label': ['主导航', 'Main navigation'],
  'skip': ['跳到正文', 'Skip to content'],
  'bar.all_sent': ['全部已发送', 'Everything sent'],
  'bar.unsent': ['{n} 项未发送 · 最早{ago}', '{n} not sent · oldest {ago}'],
  'bar.sending': ['正在发送 {done}/{all}', 'Sending {done} of {all}'],
  'bar.needs': ['{n} 项需要您处理', '{n} need you'],
  'bar.signed_out': ['未登录', 'Not signed in'],
  'ago.now': ['刚才', 'just now'],
  'ago.minutes': [' {n} 分钟前', '{n} min'],
  'ago.hours': [' {n} 小时前', '{n} h'],
  'ago.days': [' {n} 天前', '{n} days'],
  'ready': ['离线可用', 'Ready offline'],
  'ready.at': ['{time} 更新', 'updated {time}'],
  'state.draft': ['草稿', 'Draft'],
  'state.saved': ['已存在本机', 'Saved on this phone'],
  'state.sending': ['正在发送 {done}/{all}', 'Sending {done} of {all}'],
  'state.sent': ['已发送 ✓ 编号 {no}', 'Sent ✓ no. {no}'],
  'state.waiting': ['待复核', 'Waiting for review'],
  'state.needs': ['需要您处理', 'Needs you'],
  'page.updated': ['有更新', 'Updated'],
  'page.show': ['显示', 'Show'],
  'page.loading': ['正在打开…', 'Opening…'],
  'page.missing': ['这一页不在本机上', 'This page is not on this phone'],
  'page.missing.do': ['它不在今天和明天的工作里，或者还没有下载。已保存的内容都在。有信号时再打开。', 'It is not part of today and tomorrow, or it has not been fetched yet. What you saved is safe. Open it again when there is a signal.'],
  'page.gone': ['没有这一页，或者它不归您', 'This page is not there, or not for you'],
  'page.gone.do': ['已保存的内容都在。回到今日，看看归您的走访。', 'What you saved is safe. Go back to Today for your own visits.'],
  'page.retry': ['再试一次', 'Try again'],
  'page.today': ['回到今日', 'Back to Today'],
  'blocked': ['外访在另一个标签页里还开着旧版。请关掉那个标签页，这里会自己继续。', 'An older version is open in another tab. Close that tab and this one goes on by itself.'],
  'unsupported': ['这个浏览器不能在本机保存走访。请用 Chrome 或 Safari 打开。', 'This browser cannot keep visits on the phone. Please open it in Chrome or Safari.'],
  // --- outbox page (client)
  'outbox.title': ['待发', 'Outbox'],
  'outbox.promise': ['每一项都已保存。收到回执之前，本机不删除。', 'Every item is saved. This phone deletes nothing before it has a receipt.'],
  'outbox.empty': ['没有待发的内容。', 'Nothing is waiting.'],
  'outbox.empty.do': ['走访时记下的内容会列在这里，有信号就自己发送。', 'What you record on a visit is listed here, and sent by itself when there is a signal.'],
  'outbox.tried': ['{time} 试过', 'tried {time}'],
  'outbox.send': ['现在发送 {n} 项', 'Send {n} now'],
  'outbox.sending': ['正在发送…', 'Sending…'],
  'outbox.check': ['检查回执', 'Check receipts'],
  'outbox.again': ['再发一次', 'Send it again'],
  'outbox.drafts': ['{n} 份草稿还没有定稿，留在原来的页面里。', '{n} drafts are not finished; they wait on their pages.'],
  'why.saved': ['已加密存在本机，有信号就自己发送。', 'Encrypted on this phone. It will be sent by itself.'],
  'why.offline': ['没有信号。已加密存在本机，有信号就自己发送。', 'No signal. It is encrypted on this phone and will be sent by itself.'],
  'why.unreachable': ['连不上服务器。已加密存在本机，会自己再试。', 'The server cannot be reached. It is encrypted on this phone and will be tried again by itself.'],
  'why.portal': ['这个网络要先登录（例如酒店的无线网）。内容在本机，连上后自己发送。', 'This network wants a sign-in of its own first, as in a hotel. The item is safe here and will be sent after that.'],
  'why.sign_in': ['登录已过期。内容在本机，登录后自己发送。', 'Your sign-in has ended. The item is safe here and will be sent after you sign in.'],
  'why.pause': ['服务器正在维护。内容在本机，会自己再试。', 'The server is being looked after. The item is safe here and will be tried again by itself.'],
  'why.refused': ['服务器暂时不收。内容在本机，会自己再试。', 'The server does not take it just now. The item is safe here and will be tried again by itself.'],
  'why.no_receipt': ['还没有收到可核对的回执，会再发一次；不会重复入账。', 'No receipt that checks yet. It will be sent again; it cannot be counted twice.'],
  'why.needs': ['服务器没有收下这一项。内容在本机，请告诉主管。', 'The server did not take this item. It is safe on this phone; please tell your supervisor.'],
  'why.photos': ['还剩 {n} 张照片，会自己接着发。', '{n} photos to go; they go on by themselves.'],
  'why.sent': ['办公室已收到，内容核对一致。', 'The office has it; the contents were checked.'],
  'why.waiting': ['办公室已收到，由复核员决定。', 'The office has it; a reviewer decides.'],
  'type.visit.started/1': ['出发', 'Set out'],
  'type.visit.consent/1': ['到达', 'Arrival'],
  'type.visit.note/1': ['记录', 'Note'],
  'type.visit.photo/1': ['照片', 'Photo'],
  'type.visit.location/1': ['位置', 'Position'],
  'type.visit.ended/1': ['离开', 'Leave'],
  'type.stop.raised/1': ['中止走访', 'Visit stopped'],
  'type.agreement.proposed/1': ['还款协议', 'Repayment agreement'],
  'type.signature.captured/1': ['签名', 'Signature'],
  'type.signature.refused/1': ['没有签', 'Not signed'],
  // --- me (client)
  'me.title': ['我的', 'Me'],
  'me.who': ['是谁', 'Who'],
  'me.name': ['姓名', 'Name'],
  'me.username': ['账号', 'Sign-in name'],
  'me.role': ['职责', 'Role'],
  'role.collector': ['催收员', 'Collector'],
  'role.supervisor': ['主管', 'Supervisor'],
  'role.reviewer': ['复核员', 'Reviewer'],
  'role.administrator': ['管理员', 'Administrator'],
  'me.language': ['语言', 'Language'],
  'me.theme': ['显示', 'Display'],
  'theme.system': ['跟随系统', 'As the phone'],
  'theme.light': ['浅色', 'Light'],
  'theme.dark': ['深色', 'Dark'],
  'theme.field': ['户外强光', 'Sunlight'],
  'me.phone': ['本机', 'This phone'],
  'me.device': ['编号', 'Number'],
  'me.build': ['版本', 'Version'],
  'me.update': ['更新到新版本', 'Update now'],
  'me.update.why': ['新版本已下载。已保存的内容和草稿都会保留。', 'A new version is ready. What you saved and your drafts stay.'],
  'me.sign_out': ['退出登录', 'Sign out'],
  'me.unsent': ['还有 {n} 项没有发送', '{n} items are not sent yet'],
  'me.unsent.why': ['它们已加密存在本机。您再次登录后会自己发送，别人看不到。', 'They are encrypted on this phone. They will be sent when you sign in again; nobody else can read them.'],
  'me.send': ['现在发送', 'Send now'],
  'me.stay': ['不退出', 'Stay'],
  'me.keep': ['退出并保留', 'Sign out and keep them'],
  'me.leave.why': ['今日的页面留在本机，您再次登录后可用。', 'Today’s pages stay on this phone for when you sign in again.'],
  // --- signing in (client)
  'signin.title': ['登录', 'Sign in'],
  'signin.again': ['请再登录一次', 'Please sign in again'],
  'signin.again.why': ['已保存的内容都在本机，登录后自己发送。', 'What you saved is on this phone and will be sent after you sign in.'],
  'signin.username': ['账号', 'Sign-in name'],
  'signin.password': ['密码', 'Password'],
  'signin.code': ['动态码', 'One-time code'],
  'signin.code.why': ['验证器里的 6 位数字', 'Six digits from your authenticator'],
  'signin.demo': ['演示账号，点一下就登录：', 'Demo logins, one tap:'],
  'signin.later': ['以后再说', 'Later'],
  'signin.wait': ['正在登录…', 'Signing in…'],
  'signin.offline': ['连不上服务器。第一次登录需要信号；请到有信号的地方再试。', 'The server cannot be reached. The first sign-in needs a signal; try again where there is one.'],
  'signin.fill': ['请填写账号、密码和动态码。', 'Please fill in name, password and code.'],
  'signin.fetching': ['正在下载今日的工作…', 'Fetching today’s work…'],
  // --- visit (field)
  // --- agree (agree)
}

const AT = { 'zh-hans': 0, en: 1 }
const stored = () => { try { return localStorage.getItem('language') } catch { return null } }
let chosen = stored() ?? (globalThis.navigator?.language?.startsWith('zh') === false ? 'en' : 'zh-hans')
if (!(chosen in AT)) chosen = 'zh-hans'

export const LANGUAGES = [['zh-hans', '简体中文'], ['en', 'English']]
export const language = () => chosen

/** For this phone, not for a person: it holds before anybody signs in. */
export function setLanguage(code) {
  chosen = code in AT ? code : 'zh-hans'
  localStorage.setItem('language', chosen)
  document.documentElement.lang = chosen === 'en' ? 'en' : 'zh-Hans'
}

export const has = (key) => key in TEXT

/** The sentence in the chosen language; a key that is missing shows itself, and fails a test. */
export function t(key, values = {}) {
  const text = TEXT[key]?.[AT[chosen]] ?? key
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
}

/** "2 小时前", "2 h": how long since `at` (ms). */
export function ago(at, now = Date.now()) {
  const minutes = Math.max(0, Math.floor((now - at) / 60_000))
  if (minutes < 1) return t('ago.now')
  if (minutes < 60) return t('ago.minutes', { n: minutes })
  return minutes < 48 * 60 ? t('ago.hours', { n: Math.floor(minutes / 60) }) : t('ago.days', { n: Math.floor(minutes / 1440) })
}

/** "10:22" by the phone's clock. */
export const timeOf = (at) => new Date(at).toTimeString().slice(0, 5)

export const texts = TEXT
