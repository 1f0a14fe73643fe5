// What the generated error pages say around the catalogue, in both languages.
import type { Dialect, Text } from '../src/contract/failure.ts'

export const titles = {
  easemob: { en: 'Errors of the Easemob dialect', zh: '环信方言错误码' },
  jpush: { en: 'Errors of the JPush dialect', zh: 'JPush 方言错误码' },
  neutral: { en: 'Errors of the neutral doors', zh: '中立接口错误码' },
} as const satisfies Record<Dialect, Text>

export const intros = {
  easemob: {
    en: `Every failure is a JSON object with the HTTP status beside it. Decide by status and \`error\` together, and by
\`error_description\` where both are shared. Three of the 500 rows are mistakes of the caller: repeating them is no use.

An app has an edition. \`seed\` answers as Easemob's classic error page says; \`live\` as its later documents do. Where
this page shows one form, both editions share it.`,
    zh: `所有失败都返回 JSON 对象和相应的 HTTP 状态码。请结合状态码与 \`error\` 判断；两者相同时再看 \`error_description\`。
500 中有三种是调用方的错误，重试没有意义。

每个应用有一个版本（edition）：\`seed\` 与环信经典错误码页面一致，\`live\` 与其后来的文档一致。只列出一种形式时，两个版本相同。`,
  },
  jpush: {
    en: `Every failure is a JSON object with the HTTP status beside it. \`code\` tells what happened; \`message\` says why.
Some failures have a code for each API (push, report, device, schedule). A push that fails after its id was allocated
carries \`msg_id\` before \`error\`; \`illegal_rids\` inside \`error\` lists registration ids at fault.

Codes marked *ours* begin with 9 and end in the status: they stand for statuses to which the vendor gives no code.`,
    zh: `所有失败都返回 JSON 对象和相应的 HTTP 状态码。\`code\` 表示错误类型，\`message\` 说明原因。部分失败在各 API
（推送、统计、设备、定时）中有不同的 code。已分配 msg_id 之后失败的推送会在 \`error\` 之前带上 \`msg_id\`；
\`error\` 中的 \`illegal_rids\` 列出有问题的 registration_id。

标注为“自定”的 code 以 9 开头、以状态码结尾，用于厂商没有给出 code 的状态码。`,
  },
  neutral: {
    en: `The doors that belong to no vendor answer in a shape of their own: administration, device registration, and
every path outside both dialects. \`id\` is permanent; \`request_id\` finds the request in the server log.`,
    zh: `不属于任何厂商的接口（管理、设备注册，以及两种方言之外的所有路径）使用自己的格式。\`id\` 永久不变；
\`request_id\` 可在服务器日志中找到该请求。`,
  },
} as const satisfies Record<Dialect, Text>

export const words = {
  generated: {
    en: 'Generated from the catalogue in `src/contract/` by `npm run docs`. Change it there.',
    zh: '本页由 `npm run docs` 根据 `src/contract/` 中的目录生成，请在那里修改。',
  },
  example: { en: 'For example:', zh: '例如：' },
  headers: {
    en: '429 and 503 always carry `Retry-After` in seconds, 401 `WWW-Authenticate`, 405 `Allow`.',
    zh: '429 和 503 始终带有以秒为单位的 `Retry-After`，401 带有 `WWW-Authenticate`，405 带有 `Allow`。',
  },
  statuses: { en: 'HTTP statuses', zh: 'HTTP 状态码' },
  status: { en: 'Status', zh: '状态码' },
  meaning: { en: 'Meaning', zh: '含义' },
  outsideTheList: { en: 'not in the vendor’s list', zh: '厂商列表未列出' },
  all: { en: 'All errors', zh: '错误一览' },
  each: { en: 'Each error', zh: '逐条说明' },
  failure: { en: 'Failure', zh: '标识' },
  error: { en: '`error`', zh: '`error`' },
  code: { en: '`code`', zh: '`code`' },
  text: { en: 'Text', zh: '文本' },
  advice: { en: 'Retry', zh: '重试建议' },
  executed: { en: 'Executed?', zh: '是否已执行' },
  cause: { en: 'Cause', zh: '原因' },
  remedy: { en: 'Remedy', zh: '处理' },
  edition: { en: 'Edition', zh: '版本' },
  family: { en: 'Interfaces', zh: '接口' },
  source: { en: 'From', zh: '来源' },
  alike: { en: 'Reads the same on the wire as', zh: '与下列错误在应答上无法区分' },
  unreachable: { en: 'This server never answers it:', zh: '本服务器不会返回：' },
  unsent: { en: 'Codes of the vendor that are never sent', zh: '本服务器从不返回的官方错误码' },
  why: { en: 'Why', zh: '原因' },
  both: { en: 'both', zh: '两者' },
  others: { en: 'all others', zh: '其余全部' },
  every: { en: 'all', zh: '全部' },
} as const satisfies Record<string, Text>

/** Short forms for the wide table. */
export const adviceShort = {
  never: { en: 'no', zh: '不要' },
  'same-key': { en: 'under the same key', zh: '用同一个键' },
  after: { en: 'after waiting', zh: '等待后' },
  'refresh-auth': { en: 'with a new token', zh: '更新 token 后' },
  split: { en: 'in smaller parts', zh: '拆分后' },
  'page-a-human': { en: 'no, a person has to act', zh: '不要，需人工处理' },
} as const satisfies Record<string, Text>

export const executedShort = {
  no: { en: 'no', zh: '否' },
  maybe: { en: 'perhaps', zh: '可能' },
} as const satisfies Record<string, Text>

export const sources = {
  seed: { en: 'vendor’s error page', zh: '厂商错误码页面' },
  vendor: { en: 'vendor’s documents', zh: '厂商文档' },
  platform: { en: 'the platform under Easemob', zh: '环信底层平台' },
  ours: { en: 'ours', zh: '自定' },
} as const satisfies Record<string, Text>
