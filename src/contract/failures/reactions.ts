// Reactions to messages. Easemob only.
import type { Failure } from '../failure.ts'

export const reactionFailures = {
  reactions_off: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'In this app there are no reactions to messages.', zh: '该应用未开启消息表情回复。' },
    remedy: {
      en: 'Have the operator set reactions of the app to true.',
      zh: '请运维将应用的 reactions 设为 true。',
    },
  },
  reaction_message_unknown: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'There is no such message, or it is one that takes no reactions: of a room, or for some members only.',
      zh: '消息不存在，或不支持表情回复（聊天室消息、群定向消息）。',
    },
    remedy: {
      en: 'Name a message between two users or of a group that was not recalled.',
      zh: '填写未撤回的单聊或群聊消息 ID。',
    },
  },
  reaction_forbidden: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The message is between others, the other user has blocked this one, or the reaction is not there to be removed.',
      zh: '用户不是该单聊消息的收发方、已被对方拉黑，或并未添加过要删除的表情。',
    },
    remedy: {
      en: 'Act as a user of the conversation; remove what this user has added.',
      zh: '以会话中的用户操作；只能删除自己添加的表情。',
    },
  },
  reaction_no_member: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The user is not in the group of the message.', zh: '用户不在消息所属的群组中。' },
    remedy: { en: 'Join it first.', zh: '先加入群组。' },
  },
  reaction_exists: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The user has put this reaction on the message already.',
      zh: '用户已对该消息添加过此表情。',
    },
    remedy: { en: 'Nothing is to be done.', zh: '无需处理。' },
  },
  reactions_too_many: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The message has 20 different reactions.', zh: '该消息已有 20 种不同的表情。' },
    remedy: { en: 'Choose one that is there.', zh: '使用已有的表情。' },
  },
  reaction_group_missing: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'Reactions to messages of a group were asked for without saying which group.',
      zh: '查询群聊消息的表情时未指定群组。',
    },
    remedy: { en: 'Send groupId.', zh: '传入 groupId。' },
  },
} as const satisfies Record<string, Failure>
