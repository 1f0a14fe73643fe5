import { easemobRows } from '../catalogue/easemob.ts'
import { formsOf } from '../catalogue/form.ts'
import { objectOf } from '../json.ts'
import type { Dialect } from '../operation.ts'

/** Later documents differ from those of the first: `live` is what Easemob's cloud says today. */
export type Edition = 'seed' | 'live'

const perSecond = (max: number) => [{ max, perMs: 1_000 }]

/** The dialect as an edition of its documents has it. */
export function easemobDialect(edition: Edition): Dialect {
  return edition === 'live' ? live : seed
}

const live: Dialect = {
  name: 'easemob',
  forms: formsOf(easemobRows),
  readRefusal(body) {
    const { error, error_description: text } = objectOf(body) ?? {}
    if (typeof error !== 'string') return undefined
    // Blank where the token has expired (seed S-13): the text has to do.
    return { code: error || undefined, text: typeof text === 'string' ? text : '' }
  },
  limits: {
    throttled: ['rate_limited', 'node_rate_limited', 'message_rate_reached'],
    plan: ['resource_limited'],
  },
  throttledMsMin: 1_000,
  // easemob.md §1.12, by quotaOf.
  rates: {
    '*': perSecond(100),
    token: perSecond(300),
    '/users/batch/status': perSecond(50),
    '/users/:username/blocks/users': perSecond(50),
    '/users/:username/joined_chatgroups': perSecond(50),
    '/users/:username/joined_chatrooms': perSecond(50),
    '/chatrooms': perSecond(50),
    '/messages/users': [
      { max: 100, perMs: 1_000 },
      { max: 6_000, perMs: 60_000, counts: 'units' },
    ],
    '/messages/chatgroups': [
      { max: 20, perMs: 1_000 },
      { max: 20, perMs: 1_000, counts: 'units' },
    ],
    '/messages/chatrooms': [{ max: 100, perMs: 1_000, counts: 'units' }],
    '/messages/chatrooms/broadcast': [{ max: 10, perMs: 60_000 }],
    '/chatmessages/:hour': [{ max: 10, perMs: 60_000 }],
  },
}

/** The first documents have a 503 for a limit of the interface, whose page may be that of the gateway. */
const seed: Dialect = { ...live, limits: { ...live.limits, bareStatus: 503 } }

/** Calls that the vendor counts together. */
export function quotaOf(template: string): string {
  return /^\/users(?:\/:username(?:\/resources)?)?$/.test(template) ? '/users' : template
}
