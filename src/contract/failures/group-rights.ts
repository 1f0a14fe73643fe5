// What users may not do with groups and rooms, and what their attributes cannot be. Easemob only.
import type { Failure } from '../failure.ts'

export const groupRightFailures = {
  group_right_missing: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The user has not the right to do this: it is for the owner, for administrators, or for the user itself.',
      zh: '该用户无权执行此操作：只有群主、管理员或用户本人可以执行。',
    },
    remedy: {
      en: 'Call with the token of the owner or of an administrator, or with that of the app.',
      zh: '使用群主、管理员或应用的 token 调用。',
    },
  },
  group_request_absent: {
    dialects: ['easemob'],
    params: ['username', 'group'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The user has not asked to join, or was not invited; or it has been answered already.',
      zh: '该用户没有申请入群或没有收到邀请，或已被处理。',
    },
    remedy: { en: 'Ask or invite again.', zh: '重新申请或重新邀请。' },
  },
  metadata_group_unknown: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The group whose members’ attributes were asked for does not exist in this app.',
      zh: '成员属性所属的群组在该应用中不存在。',
    },
    remedy: { en: 'Check the id; it may have been deleted.', zh: '检查 ID；它可能已被删除。' },
  },
  member_attributes_too_large: {
    dialects: ['easemob'],
    params: ['what'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A name or value of the member’s attributes, or all of them together, is too long. Nothing was changed.',
      zh: '群成员属性的键、值或总长度超过上限，没有任何修改。',
    },
    remedy: {
      en: 'Keep names to 16 characters, values to 512, all of one member to 4096.',
      zh: '键不超过 16 个字符，值不超过 512 个字符，单个成员合计不超过 4096 个字符。',
    },
  },
  member_attributes_conflict: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'after',
    unreachable: {
      en: 'Changes of one member’s attributes are made one after the other, each on what the one before has left.',
      zh: '同一成员的属性修改依次执行，每次都以前一次的结果为基础。',
    },
    cause: {
      en: 'The attributes of the member were being changed by another call.',
      zh: '该成员的属性正被另一个调用修改。',
    },
    remedy: { en: 'Wait a second and repeat.', zh: '等待一秒后重试。' },
  },
  room_attributes_too_many: {
    dialects: ['easemob'],
    params: ['limit'],
    executed: 'no',
    advice: 'split',
    cause: {
      en: 'More attributes of a room are to be set or removed than one call may name.',
      zh: '一次设置或删除的聊天室属性数超过上限。',
    },
    remedy: { en: 'Name at most 10 in one call.', zh: '每次最多 10 个。' },
  },
} as const satisfies Record<string, Failure>
