// Codes that stand in the vendor's documents and are never sent here, each with the reason (jpush.md §4).
import type { Text } from './failure.ts'

interface UnsentCode {
  /** One, or several with one reason. */
  readonly codes: readonly number[]
  readonly reason: Text
}

export const jpushUnsent: readonly UnsentCode[] = [
  {
    codes: [2001],
    reason: {
      en: 'The rate limit of a page that the vendor has deleted. 2002 took its place.',
      zh: '官方已删除页面中的限流错误码，现为 2002。',
    },
  },
  {
    codes: [8000],
    reason: {
      en: 'A success: status 200 with the result says so, and no error comes with it.',
      zh: '表示成功：由状态码 200 和结果本身表示，不会作为错误返回。',
    },
  },
  {
    codes: [8400, 8404],
    reason: {
      en: 'In the examples of the schedule page only; its table says 8100 and 8104, and so does this server.',
      zh: '仅见于定时任务页面的示例；其错误码表为 8100 与 8104，本服务器与表一致。',
    },
  },
  {
    codes: [1007, 1010, 1012, 1013, 1014],
    reason: {
      en: 'In the meaning they had in the v2 API. That API is retired: it answers 410 with 9410.',
      zh: '指它们在 v2 API 中的含义。该 API 已下线，返回 410 与 9410。',
    },
  },
]
