import { objectOf } from '../json.ts'
import type { OutboxContent } from './item.ts'

/** What a message may have beside these is not sent by an outbox. */
const messageMembers =
  /^(?:to|from|type|body|ext|sync_device|routetype|msg_timestamp|need_group_ack|roam_ignore_users|chatroom_msg_level|receiversMax)$/

/**
 * What can be wrong about a content without asking a server. @param value as JSON has it
 * @throws TypeError that says what is wrong
 */
export function checkContent(value: unknown): OutboxContent {
  const content = objectOf(value)
  const { kind } = content ?? {}
  if (kind !== 'push' && kind !== 'message')
    throw new TypeError('a content is {"kind": "push", "push": …} or {"kind": "message", "message": …}')
  const more = Object.keys(content!).find(name => name !== 'kind' && name !== kind)
  if (more !== undefined) throw new TypeError(`a content of kind ${kind} has no member "${more}"`)
  const inner = objectOf(content![kind])
  if (!inner) throw new TypeError(`"${kind}" is not an object`)
  const wrong = kind === 'push' ? wrongOfPush(inner) : wrongOfMessage(inner)
  if (wrong) throw new TypeError(wrong)
  return value as OutboxContent
}

function wrongOfPush(push: Readonly<Record<string, unknown>>): string | undefined {
  if (push.cid !== undefined) return 'a push has its cid from the outbox'
  if (push.platform === undefined || push.platform === null) return 'the push says no platform'
  if (push.audience !== 'all' && !objectOf(push.audience)) return 'the audience is "all" or an object'
  return undefined
}

function wrongOfMessage(message: Readonly<Record<string, unknown>>): string | undefined {
  const more = Object.keys(message).find(name => !messageMembers.test(name))
  if (more !== undefined) return `a message has no member "${more}"`
  const places = Object.entries(objectOf(message.to) ?? {})
  const [kind, receivers] = places[0] ?? []
  if (places.length !== 1 || !['users', 'groups', 'rooms'].includes(kind!))
    return '"to" has one member: users, groups or rooms'
  const isList =
    Array.isArray(receivers) && receivers.length > 0 && receivers.every(one => typeof one === 'string')
  if (!isList) return `"to.${kind}" is a list of names`
  if (typeof message.type !== 'string' || message.type === '') return 'the message says no type'
  if (!objectOf(message.body)) return 'the body of the message is not an object'
  return undefined
}
