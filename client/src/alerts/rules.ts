// Which events are worth an alert (contract.md §4.2 and §4.5). Rules are data: leave some out, change them, put your own first.
import type { ClientEvent } from '../observer.ts'
import type { Severity } from './alert.ts'

/** Which events are an alert, and how urgent it is. */
export interface AlertRule {
  readonly name: string
  /** `none`: what matches is no alert, and no later rule is asked. */
  readonly severity: Severity | 'none'
  /** The first rule that matches an event decides. */
  matches(event: ClientEvent): boolean
  /** Fires once so many have matched within `windowMs`, of one dialect, host, operation and id. Default 1. */
  readonly threshold?: number
  /** Default a minute. */
  readonly windowMs?: number
  /** It lasts until an event of its host for which this holds; absent: it is over when it has not happened for a while. */
  until?(event: ClientEvent): boolean
}

const pagedCodes = ['2003', '2005']
const outboxMsMax = 15 * 60_000
const systemClasses = ['transient', 'unavailable', 'upstream', 'protocol', 'network', 'timeout']

function failed(event: ClientEvent) {
  return event.is === 'call' ? event.error : undefined
}

/** The rules of contract.md §4.5 and of the Easemob seed’s own advice; the first that matches decides. */
export const alertRules: readonly AlertRule[] = [
  // Tokens of users end, and only the user can do something about it.
  {
    name: 'users_auth',
    severity: 'none',
    matches: event => event.is === 'call' && event.isUsers && event.error?.class === 'auth',
  },
  { name: 'auth', severity: 'page', matches: event => failed(event)?.class === 'auth' },
  {
    name: 'policy',
    severity: 'page',
    matches: event => {
      const error = failed(event)
      return error?.class === 'policy' && pagedCodes.includes(error.code ?? '')
    },
  },
  {
    name: 'breaker',
    severity: 'page',
    matches: event => event.is === 'breaker' && event.state === 'open',
    until: event => event.is === 'breaker' && event.state === 'closed',
  },
  { name: 'dead', severity: 'page', matches: event => event.is === 'item' && event.item.state === 'dead' },
  {
    // It may have been sent, and nothing but a person decides what to do.
    name: 'undecided',
    severity: 'page',
    matches: event => event.is === 'item' && event.item.state === 'unknown' && event.item.dueAt === null,
  },
  {
    name: 'outbox_age',
    severity: 'page',
    matches: event => event.is === 'outbox' && event.oldestMs > outboxMsMax,
  },
  { name: 'gone', severity: 'ticket', matches: event => failed(event)?.class === 'gone' },
  { name: 'plan_limit', severity: 'ticket', matches: event => failed(event)?.class === 'plan_limit' },
  {
    name: 'missing_burst',
    severity: 'ticket',
    matches: event => [404, 405].includes(failed(event)?.status ?? 0),
    threshold: 10,
    windowMs: 60_000,
  },
  { name: 'cids', severity: 'ticket', matches: event => event.is === 'cids' && event.isStarved },
  // A certificate that is not trusted, a redirect, a code of which the catalogue says so.
  { name: 'advised', severity: 'page', matches: event => failed(event)?.advice === 'page-a-human' },
  // What the breaker kept back is its own alert.
  { name: 'kept_back', severity: 'none', matches: event => failed(event)?.stopped === 'breaker' },
  {
    // The Easemob page: «system errors, and what still fails after retries, are logged, and operators alerted».
    name: 'system',
    severity: 'ticket',
    matches: event => {
      const error = failed(event)
      if (!error || error.class === 'cancelled') return false
      return systemClasses.includes(error.class) || error.attempts.length > 1
    },
  },
]
