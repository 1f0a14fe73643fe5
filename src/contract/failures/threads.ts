// Threads of groups. Easemob only.
import type { Failure } from '../failure.ts'

export const threadFailures = {
  threads_off: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'In this app there are no threads.', zh: '该应用未开启子区。' },
    remedy: {
      en: 'Have the operator set threads of the app to true.',
      zh: '请运维将应用的 threads 设为 true。',
    },
  },
  thread_unknown: {
    dialects: ['easemob'],
    params: ['thread'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'There is no such thread in this app: it was deleted, or its group was.',
      zh: '该应用中没有此子区：子区或其所属群组已被删除。',
    },
    remedy: { en: 'Check the id.', zh: '检查子区 ID。' },
  },
  thread_exists: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'There is a thread about this message already.', zh: '该消息已有子区。' },
    remedy: { en: 'Join it.', zh: '加入已有的子区。' },
  },
  thread_message_unknown: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The group has no such message: never sent to all its members, recalled, or too old to be kept.',
      zh: '群组中没有该消息：从未发送给全体成员、已撤回或已过期。',
    },
    remedy: { en: 'Name a message of the group.', zh: '填写该群组的消息 ID。' },
  },
  thread_right_missing: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The user may not do this: threads are for members of their group; to delete them and to remove members is for its owner and administrators, to rename them for the thread’s owner too.',
      zh: '用户无权执行此操作：子区仅对群成员开放；解散子区、移出成员限群主和管理员，修改名称还可由子区创建者进行。',
    },
    remedy: {
      en: 'Call with the token of the owner or of an administrator, or with that of the app.',
      zh: '使用群主、管理员或应用的 token 调用。',
    },
  },
  threads_too_many: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The app has as many threads as POSTHOUSE_THREADS_PER_APP_MAX allows.',
      zh: '该应用的子区已达 POSTHOUSE_THREADS_PER_APP_MAX 上限。',
    },
    remedy: {
      en: 'Delete threads that are not needed any more, or have the operator raise the limit.',
      zh: '删除不再需要的子区，或请运维调高上限。',
    },
  },
  thread_member_already: {
    dialects: ['easemob'],
    params: ['username'],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The user is in the thread.', zh: '用户已在子区中。' },
    remedy: { en: 'Nothing is to be done.', zh: '无需处理。' },
  },
  thread_member_absent: {
    dialects: ['easemob'],
    params: ['username'],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The user is not in the thread.', zh: '用户不在子区中。' },
    remedy: { en: 'Nothing is to be done.', zh: '无需处理。' },
  },
  thread_outsider: {
    dialects: ['easemob'],
    params: ['username', 'group'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The user is not in the group of the thread.',
      zh: '用户不在子区所属的群组中。',
    },
    remedy: { en: 'Add the user to the group first.', zh: '先将用户加入群组。' },
  },
} as const satisfies Record<string, Failure>
