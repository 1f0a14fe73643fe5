// Admins, barred, muted and allowed members of groups and rooms: what REST answers, and what keeps a client from
// speaking or coming in.
import type { Failure } from '../failure.ts'

export const groupRoleFailures = {
  role_member_absent: {
    dialects: ['easemob'],
    params: ['username', 'group'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The user who is to become an admin, to be barred or to be allowed to speak is no member.',
      zh: '要设为管理员、加入黑名单或白名单的用户不是成员。',
    },
    remedy: { en: 'Fetch the list of members anew.', zh: '重新获取成员列表。' },
  },
  admin_absent: {
    dialects: ['easemob'],
    params: ['username', 'group'],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The user is no admin of the group or room.', zh: '该用户不是群组或聊天室的管理员。' },
    remedy: {
      en: 'Nothing to do. After an attempt whose outcome was unknown, this means that it succeeded.',
      zh: '无需处理。若上次操作结果未知，则表示当时已成功。',
    },
  },
  admins_too_many: {
    dialects: ['easemob'],
    params: ['limit'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The group or room has as many admins as it may have.',
      zh: '群组或聊天室的管理员数量已达上限。',
    },
    remedy: { en: 'Remove another admin first.', zh: '先移除其他管理员。' },
  },
  members_too_many_to_block: {
    dialects: ['easemob'],
    params: ['limit'],
    executed: 'no',
    advice: 'split',
    cause: {
      en: 'More users are to be barred or to be allowed to speak than one call may name.',
      zh: '一次加入黑名单或白名单的用户数超过上限。',
    },
    remedy: { en: 'Name at most 60 in one call.', zh: '每次最多 60 人。' },
  },
  members_too_many_to_unblock: {
    dialects: ['easemob'],
    params: ['limit'],
    executed: 'no',
    advice: 'split',
    cause: {
      en: 'More users are to be taken off the list of the barred or of the allowed than one call may name.',
      zh: '一次移出黑名单或白名单的用户数超过上限。',
    },
    remedy: { en: 'Name at most 60 in one call.', zh: '每次最多 60 人。' },
  },
  members_too_many_to_mute: {
    dialects: ['easemob'],
    params: ['limit'],
    executed: 'no',
    advice: 'split',
    cause: {
      en: 'More members are to be muted than one call may mute.',
      zh: '一次禁言的成员数超过上限。',
    },
    remedy: { en: 'Mute at most 60 in one call.', zh: '每次最多禁言 60 人。' },
  },
  members_too_many_to_unmute: {
    dialects: ['easemob'],
    params: ['limit'],
    executed: 'no',
    advice: 'split',
    cause: {
      en: 'The mutes of more members are to be lifted than one call may lift.',
      zh: '一次解除禁言的成员数超过上限。',
    },
    remedy: { en: 'Name at most 60 in one call.', zh: '每次最多 60 人。' },
  },
  announcement_too_long: {
    dialects: ['easemob'],
    params: ['limit'],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The announcement is too long.', zh: '公告过长。' },
    remedy: { en: 'Shorten it to the limit in the text.', zh: '缩短到错误文本给出的上限以内。' },
  },
  announcement_blocked: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The announcement holds one of the words that the app’s blocked_words setting lists. The old one stays.',
      zh: '公告包含应用 blocked_words 设置中的词，原公告保持不变。',
    },
    remedy: {
      en: 'Change the text, or have the operator change the list.',
      zh: '修改公告内容，或请运维人员修改该列表。',
    },
  },
  member_blocked: {
    dialects: ['easemob', 'msync'],
    params: ['username', 'group'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The group or room bars the user: it can neither join nor be added.',
      zh: '该用户在群组或聊天室的黑名单中，不能加入，也不能被加入。',
    },
    remedy: { en: 'Take the user off the list of the barred first.', zh: '先将该用户移出黑名单。' },
  },
  member_muted: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The sender is muted in this group or room.',
      zh: '发送方在该群组或聊天室中被禁言。',
    },
    remedy: {
      en: 'Wait until the mute ends, or have an admin lift it.',
      zh: '等待禁言到期，或由管理员解除。',
    },
  },
  group_muted: {
    dialects: ['msync'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'All are silent in this group or room but the owner, its admins and those who are allowed to speak.',
      zh: '该群组或聊天室已全员禁言，只有群主、管理员和白名单成员可以发言。',
    },
    remedy: {
      en: 'Have an admin end the silence, or allow the sender to speak.',
      zh: '由管理员解除全员禁言，或将发送方加入白名单。',
    },
  },
} as const satisfies Record<string, Failure>
