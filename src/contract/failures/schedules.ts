// Pushes at set times through the JPush dialect.
import type { Failure } from '../failure.ts'

export const scheduleFailures = {
  schedule_invalid: {
    dialects: ['jpush'],
    params: ['reason'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The schedule, or the change to it, is not valid, its time is over, or the app has as many as it may; the text says which.',
      zh: '定时任务或其修改不合法、时间已过，或任务数已达上限，错误文本指出具体原因。',
    },
    remedy: {
      en: 'Correct what the text names: name, enabled, one trigger, and a push that is complete in itself.',
      zh: '按错误文本修正：name、enabled、唯一的 trigger，以及完整合法的 push。',
    },
  },
  schedule_unknown: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'No schedule of this app has this id; those whose last run is over count as gone.',
      zh: '该应用没有此 ID 的定时任务；最后一次执行已结束的任务视为不存在。',
    },
    remedy: {
      en: 'Take the schedule_id from the answer to its creation, or from GET /v3/schedules.',
      zh: '使用创建任务时返回的 schedule_id，或通过 GET /v3/schedules 查询。',
    },
  },
} as const satisfies Record<string, Failure>
