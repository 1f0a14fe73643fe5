// The catalogue's one-word values as sentences, for the pages, the command line and the console.
import type { Advice, Failure, Text } from './failure.ts'
import type { EasemobFamily, JpushFamily } from './wire.ts'

export const adviceWords = {
  never: { en: 'Do not repeat it as it is: it will fail again.', zh: '不要原样重试：还会失败。' },
  'same-key': {
    en: 'Repeat only under the same cid or Idempotency-Key, or when a second execution does no harm.',
    zh: '只在使用相同 cid 或 Idempotency-Key、或重复执行无害时重试。',
  },
  after: {
    en: 'Wait (Retry-After says how long), then repeat it as it is.',
    zh: '等待（时长见 Retry-After）后原样重试。',
  },
  'refresh-auth': { en: 'Get a new token, then repeat once.', zh: '重新获取 token 后重试一次。' },
  split: { en: 'Send the same work in smaller requests.', zh: '把同样的工作拆成更小的请求。' },
  'page-a-human': {
    en: 'A person has to act; do not repeat it by program.',
    zh: '需要人工处理，程序不要重试。',
  },
} as const satisfies Record<Advice, Text>

export const executedWords = {
  no: { en: 'No, nothing was done.', zh: '没有，未执行任何操作。' },
  maybe: { en: 'Perhaps: the outcome is unknown.', zh: '可能：结果未知。' },
} as const satisfies Record<Failure['executed'], Text>

export const easemobFamilyWords = {
  users: { en: 'users', zh: '用户' },
  registration: { en: 'registration', zh: '注册' },
  activation: { en: 'activate, deactivate', zh: '封禁、解禁' },
  token: { en: 'POST /token', zh: 'POST /token' },
  groups: { en: 'groups', zh: '群组' },
  rooms: { en: 'chat rooms', zh: '聊天室' },
  messages: { en: 'POST /messages', zh: 'POST /messages' },
  messages_modern: { en: 'POST /messages/users and the like', zh: 'POST /messages/users 等' },
  files: { en: 'files of messages', zh: '消息附件' },
  metadata: { en: 'attributes', zh: '属性' },
} as const satisfies Record<EasemobFamily, Text>

export const jpushFamilyWords = {
  push: { en: 'push', zh: '推送' },
  report: { en: 'report', zh: '统计' },
  device: { en: 'device', zh: '设备' },
  schedule: { en: 'schedule', zh: '定时' },
  plan: { en: 'templates, quotas and plans', zh: '模板、配额与推送计划' },
  admin: { en: 'admin', zh: '应用管理' },
} as const satisfies Record<JpushFamily, Text>
