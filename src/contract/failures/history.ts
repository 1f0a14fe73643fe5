// Messages that were sent: taking them back, changing them, reading them again.
import type { Failure } from '../failure.ts'

export const historyFailures = {
  recall_off: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'In this app no message can be recalled.', zh: '该应用未开启消息撤回。' },
    remedy: {
      en: 'Have the operator set message_recall of the app to true.',
      zh: '请运维将应用的 message_recall 设为 true。',
    },
  },
  recall_param_empty: {
    dialects: ['easemob'],
    params: ['param'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A member that says which message to recall is missing, or none of the values it can have.',
      zh: '撤回消息的必需参数缺失或取值不合法。',
    },
    remedy: { en: 'Send the member the text names.', zh: '补上错误文本指出的参数。' },
  },
  recall_receiver_wrong: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The message went to another receiver than the call says.',
      zh: '该消息的接收方与请求中的 to 或 chat_type 不符。',
    },
    remedy: { en: 'Name the receiver and kind of the message.', zh: '填写该消息的接收方与会话类型。' },
  },
  recall_message_unknown: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'There is no such message: never sent, recalled before, or too old to be kept.',
      zh: '消息不存在：从未发送、已撤回或已过期。',
    },
    remedy: { en: 'Check the id; a recall need not be repeated.', zh: '检查消息 ID；撤回无需重复。' },
  },
  recall_too_late: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The message was sent more than two minutes ago.',
      zh: '消息发送已超过 2 分钟。',
    },
    remedy: {
      en: 'The app’s server can recall it with force.',
      zh: '由应用服务器以 force 参数撤回。',
    },
  },
  recall_forbidden: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'Somebody else has sent the message, and the user does not own the group or room it is in.',
      zh: '消息由他人发送，且用户不是所在群组或聊天室的所有者。',
    },
    remedy: { en: 'Have the app’s server recall it.', zh: '由应用服务器撤回。' },
  },
  edit_off: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'In this app no message can be edited.', zh: '该应用未开启消息修改。' },
    remedy: {
      en: 'Have the operator set message_edit of the app to true.',
      zh: '请运维将应用的 message_edit 设为 true。',
    },
  },
  edit_message_unknown: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'There is no such message: never sent, recalled, or too old to be kept.',
      zh: '消息不存在：从未发送、已撤回或已过期。',
    },
    remedy: { en: 'Check the id.', zh: '检查消息 ID。' },
  },
  edit_forbidden: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'Somebody else has sent the message.', zh: '消息由其他用户发送。' },
    remedy: { en: 'Name the sender of the message.', zh: '填写该消息的发送方。' },
  },
  edit_not_text: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The message, or what is to take its place, is no text.',
      zh: '原消息或新内容不是文本消息。',
    },
    remedy: { en: 'Send a new message instead.', zh: '改为发送新消息。' },
  },
  edits_too_many: {
    dialects: ['easemob', 'msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The message has been changed ten times.', zh: '该消息已修改 10 次。' },
    remedy: { en: 'Send a new message instead.', zh: '改为发送新消息。' },
  },
  import_time_invalid: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'msg_timestamp is no moment in milliseconds, is still to come, or is older than messages are kept.',
      zh: 'msg_timestamp 不是毫秒时间戳，晚于当前时间，或早于消息保存期。',
    },
    remedy: { en: 'Send when the message was sent, in ms.', zh: '填写消息发送时间（毫秒）。' },
  },
  roaming_off: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'In this app nobody reads earlier messages again.', zh: '该应用未开启消息漫游。' },
    remedy: {
      en: 'Have the operator set message_roaming of the app to true.',
      zh: '请运维将应用的 message_roaming 设为 true。',
    },
  },
  roaming_no_member: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The user is not in the group or room whose messages it asks for.',
      zh: '用户不在所查询的群组或聊天室中。',
    },
    remedy: { en: 'Join it first.', zh: '先加入群组或聊天室。' },
  },
  export_hour_malformed: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The path does not end with an hour of ten digits, or there is no such hour.',
      zh: '路径末尾不是 10 位数字的小时，或该小时不存在。',
    },
    remedy: { en: 'Ask for yyyyMMddHH, in UTC.', zh: '使用 yyyyMMddHH 格式（UTC）。' },
  },
  export_unstored: {
    dialects: ['easemob'],
    params: ['org', 'app', 'hour'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The hour is not over yet, or its messages are kept no longer.',
      zh: '该小时尚未结束，或其消息已过保存期。',
    },
    remedy: { en: 'Ask for an hour that is over.', zh: '查询已结束且未过期的小时。' },
  },
  export_empty: {
    dialects: ['easemob'],
    params: ['org', 'app', 'hour'],
    executed: 'no',
    advice: 'never',
    cause: { en: 'Nobody sent a message in that hour.', zh: '该小时内没有消息。' },
    remedy: { en: 'Go on with the next hour.', zh: '继续查询下一个小时。' },
  },
  export_link_invalid: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The address of the export has run out, or is none that this server has given.',
      zh: '下载地址已过期，或不是本服务器签发的。',
    },
    remedy: { en: 'Ask for a new address.', zh: '重新获取下载地址。' },
  },
} as const satisfies Record<string, Failure>
