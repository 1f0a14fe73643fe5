// Messages between users, groups and rooms sent through REST. Easemob only.
import type { Failure } from '../failure.ts'

export const messageFailures = {
  from_empty: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The sender is given, but empty.', zh: 'from 存在但为空字符串。' },
    remedy: {
      en: 'Name the sender, or leave from out to send as admin.',
      zh: '填写发送者，或不传 from（默认为 admin）。',
    },
  },
  target_type_invalid: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'target_type is missing or none of the three kinds.',
      zh: 'target_type 缺失或不是三种类型之一。',
    },
    remedy: { en: 'Send users, chatgroups or chatrooms.', zh: '发送 users、chatgroups 或 chatrooms。' },
  },
  param_empty: {
    dialects: ['easemob'],
    params: ['param'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A required member of the message is missing or empty.',
      zh: '消息中的必需参数缺失或为空。',
    },
    remedy: { en: 'Send the member the text names.', zh: '补上错误文本指出的参数。' },
  },
  ext_not_object: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'ext is null or no JSON object.', zh: 'ext 为 null 或不是 JSON 对象。' },
    remedy: { en: 'Send an object, or leave ext out.', zh: '发送 JSON 对象，或不传 ext。' },
  },
  targets_too_many: {
    dialects: ['easemob'],
    params: ['param', 'limit'],
    executed: 'no',
    advice: 'split',
    cause: {
      en: 'The message names more receivers than one call may have.',
      zh: '一次调用的接收方数量超过上限。',
    },
    remedy: {
      en: 'Send it in several calls: 600 users, 3 groups or 10 rooms in each; or one group and 20 members.',
      zh: '分多次发送：每次最多 600 个用户、3 个群组或 10 个聊天室；定向消息每次 1 个群组、20 个成员。',
    },
  },
  message_body_invalid: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The message has an unknown type, or its body lacks what the type needs.',
      zh: '消息类型未知，或消息体缺少该类型所需的内容。',
    },
    remedy: {
      en: 'Send a documented type with its members, for instance txt with msg.',
      zh: '发送文档中的类型及其成员，例如 txt 及其 msg。',
    },
  },
  message_too_large: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'split',
    cause: {
      en: 'Content and ext of the message together are too long.',
      zh: '消息内容与扩展字段合计过长。',
    },
    remedy: {
      en: 'Send the bulk as a file and its address in the message.',
      zh: '把大内容作为文件上传，消息中只放地址。',
    },
  },
  message_rate_reached: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'after',
    cause: {
      en: 'The app has used up its messages_per_minute; each receiver counts as a message.',
      zh: '应用本分钟发送的消息数已达 messages_per_minute 上限；每个接收方计一条。',
    },
    remedy: { en: 'Wait for Retry-After; spread large sends.', zh: '等待 Retry-After；把大批量发送分散开。' },
  },
  broadcast_off: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The app has messages to all chat rooms switched off (its room_broadcast setting).',
      zh: '应用关闭了聊天室全局广播（room_broadcast 设置）。',
    },
    remedy: {
      en: 'Have the operator set room_broadcast to true, or name the rooms.',
      zh: '请运维人员将 room_broadcast 设为 true，或逐个指定聊天室。',
    },
  },
  broadcast_rooms_too_many: {
    dialects: ['easemob'],
    params: ['limit'],
    executed: 'no',
    advice: 'split',
    cause: {
      en: 'The app has more chat rooms than one message to all of them is written into. Nothing was sent.',
      zh: '应用的聊天室数超过一次全局广播的上限，没有发送任何消息。',
    },
    remedy: { en: 'Send to the rooms by their ids.', zh: '按 ID 向聊天室发送。' },
  },
  targets_unknown: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'None of the receivers exists in this app.', zh: '所有接收方在该应用中都不存在。' },
    remedy: {
      en: 'Check the names or ids; register the users first.',
      zh: '检查用户名或 ID，或先注册用户。',
    },
  },
} as const satisfies Record<string, Failure>
