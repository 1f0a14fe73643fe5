// Failures that are the server's own doing, and throttling. The caller cannot mend them; waiting or a key
// can.
import { EVERY_DIALECT, EVERY_WIRE, type Failure } from '../failure.ts'

export const serviceFailures = {
  internal: {
    dialects: EVERY_WIRE,
    params: [],
    executed: 'maybe',
    advice: 'same-key',
    cause: {
      en: 'An unexpected error inside the server. The request id leads to it in the server log.',
      zh: '服务器内部发生意外错误。可用响应中的请求 ID 在服务器日志中定位。',
    },
    remedy: {
      en: 'Repeat only under the same cid or Idempotency-Key; else give the request id to the operator.',
      zh: '只在使用相同 cid 或 Idempotency-Key 时重试；若持续出现，请把请求 ID 交给运维人员。',
    },
  },
  core_gone: {
    dialects: EVERY_WIRE,
    params: [],
    executed: 'maybe',
    advice: 'same-key',
    cause: {
      en: 'The gateway is up, but the core behind it is down, restarting or answered something unreadable.',
      zh: '网关正常，但其后的核心已停止、正在重启，或返回了无法识别的内容。',
    },
    remedy: {
      en: 'Repeat in a moment under the same key; the core is restarted by itself. Alert if it lasts.',
      zh: '稍后用同一个键重试；核心会自动重启。若持续不恢复应报警。',
    },
  },
  core_silent: {
    dialects: EVERY_WIRE,
    params: [],
    executed: 'maybe',
    advice: 'same-key',
    cause: {
      en: 'The core is there, but did not answer within the deadline. The work may still be done.',
      zh: '核心仍在运行，但未在网关的时限内应答。该操作之后仍可能完成。',
    },
    remedy: {
      en: 'Repeat only under the same key, otherwise look first whether it took effect.',
      zh: '只用同一个键重试，否则应先查询操作是否已生效。',
    },
  },
  core_deadline_passed: {
    dialects: EVERY_WIRE,
    params: [],
    executed: 'maybe',
    advice: 'same-key',
    cause: {
      en: 'The core could not finish the work within its own deadline and gave up.',
      zh: '核心未能在自身时限内完成处理，已放弃。',
    },
    remedy: {
      en: 'Wait for Retry-After and repeat under the same key.',
      zh: '等待 Retry-After 后用同一个键重试。',
    },
  },
  core_draining: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'after',
    cause: {
      en: 'The server is shutting down: it finishes what it accepted and takes nothing new.',
      zh: '服务器正在关闭：只完成已接受的请求，不再接受新请求。',
    },
    remedy: {
      en: 'Wait for Retry-After and repeat on a new connection.',
      zh: '等待 Retry-After 后在新连接上重试。',
    },
  },
  core_overloaded: {
    dialects: EVERY_WIRE,
    params: [],
    executed: 'no',
    advice: 'after',
    cause: {
      en: 'More work is waiting than the server can do in time, so it turned this request away untouched.',
      zh: '等待处理的请求超过服务器能力，本请求未被处理即被拒绝。',
    },
    remedy: {
      en: 'Wait for Retry-After and repeat; send fewer requests at a time.',
      zh: '等待 Retry-After 后重试，并降低并发。',
    },
  },
  store_unavailable: {
    dialects: EVERY_WIRE,
    params: [],
    executed: 'maybe',
    advice: 'same-key',
    cause: {
      en: 'The database cannot be written: disk full, read-only or damaged.',
      zh: '数据库无法写入：磁盘已满、只读或损坏。',
    },
    remedy: {
      en: 'The operator has to free or repair the storage; then repeat under the same key.',
      zh: '需要运维人员释放或修复存储，之后用同一个键重试。',
    },
  },
  rate_limited: {
    dialects: ['easemob', 'jpush'],
    params: [],
    executed: 'no',
    advice: 'after',
    cause: {
      en: 'The caller sent more requests than its quota allows in this span of time.',
      zh: '调用方在该时间段内的请求数超过了配额。',
    },
    remedy: {
      en: 'Wait for Retry-After; spread the calls or have the operator raise the limit of the app.',
      zh: '等待 Retry-After；加大调用间隔，或请运维人员提高该应用的限额。',
    },
  },
  node_rate_limited: {
    dialects: EVERY_DIALECT,
    params: [],
    executed: 'no',
    advice: 'after',
    cause: {
      en: 'The whole server node takes no more requests at the moment, whoever sends them.',
      zh: '整个服务器节点暂时达到请求上限，与调用方无关。',
    },
    remedy: {
      en: 'Wait for Retry-After and repeat; the operator may add a node.',
      zh: '等待 Retry-After 后重试；运维人员可增加节点。',
    },
  },
} as const satisfies Record<string, Failure>
