// A client's queues are JIDs, the core's are names (contract/operations/inbox.ts).
import { lowerAscii } from '../../lib/ascii.ts'
import { type Decoded, domains, type Jid } from '../../msync/codec.ts'
import { groupJid, userJid } from '../../msync/meta.ts'

export function jidOf(appKey: string, queue: string): Jid {
  if (queue === '') return { appKey, domain: domains.users }
  const name = queue.slice(2)
  return queue.startsWith('u:') ? userJid(appKey, name) : groupJid(appKey, name)
}

/** Rooms and groups look alike to clients: it is for the session to know which of them it is in. */
export function queueOf({ name, domain }: Decoded<Jid>): string {
  if (name === '') return ''
  return isGroupDomain(domain) ? `g:${name}` : `u:${lowerAscii(name)}`
}

/** As clients tell it. */
export function isGroupDomain(domain: string): boolean {
  return domain.includes('conference')
}
