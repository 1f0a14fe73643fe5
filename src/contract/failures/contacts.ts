// Contacts, blocks and mutes of users: what REST answers, and what keeps a client from sending.
import type { Failure } from '../failure.ts'

export const contactFailures = {
  contacts_too_many: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'One of the two users has as many contacts as the server allows.',
      zh: '两个用户之一的好友数已达服务器上限。',
    },
    remedy: {
      en: 'Remove contacts first, or have the operator raise POSTHOUSE_CONTACTS_PER_USER_MAX.',
      zh: '先删除部分好友，或请运维调高 POSTHOUSE_CONTACTS_PER_USER_MAX。',
    },
  },
  contact_absent: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The two users are no contacts, or there is no invitation to answer.',
      zh: '两个用户不是好友，或没有可处理的好友申请。',
    },
    remedy: { en: 'Fetch the list of contacts anew.', zh: '重新获取好友列表。' },
  },
  block_user_unknown: {
    dialects: ['easemob'],
    params: ['username', 'owner'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'One of the users to block does not exist in this app. Nobody was blocked.',
      zh: '要加入黑名单的用户之一在该应用中不存在，本次未添加任何用户。',
    },
    remedy: { en: 'Leave that name out.', zh: '去掉该用户名。' },
  },
  blocks_too_many: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The user would have more than 500 others blocked.',
      zh: '该用户的黑名单将超过 500 人。',
    },
    remedy: { en: 'Lift other blocks first.', zh: '先移除部分黑名单用户。' },
  },
  sender_blocked: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The receiver has blocked the sender.', zh: '发送方已被接收方加入黑名单。' },
    remedy: { en: 'Only the receiver can lift it.', zh: '只有接收方可以解除。' },
  },
  sender_muted: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The app’s server has muted the sender in this kind of chat.',
      zh: '发送方被应用服务器全局禁言。',
    },
    remedy: {
      en: 'Wait until the mute ends, or have the app’s server lift it.',
      zh: '等待禁言到期，或由应用服务器解除。',
    },
  },
  sender_no_contact: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'In this app messages go to contacts only, and the receiver is none.',
      zh: '该应用只允许好友之间发消息，而接收方不是好友。',
    },
    remedy: {
      en: 'Invite the receiver first; or switch off messages_need_contact.',
      zh: '先添加对方为好友，或关闭 messages_need_contact。',
    },
  },
} as const satisfies Record<string, Failure>
