import { makeUuid } from '../uuid.ts'
import type { OutboxContent, OutboxItem } from './item.ts'
import type { NewItem } from './store.ts'

/** What is to be sent, and how. */
export type Send = OutboxContent & {
  /** Items of one conversation are sent in their order. */
  readonly conversation?: string
  /** Epoch ms: nobody wants it any more then. Default in seven days. */
  readonly expiresAt?: number
}

/** A message's key is of our own making; a push's comes from the server, and may have to be waited for. */
export function makeItem(
  { conversation = '', expiresAt, ...content }: Send,
  createdAt: number,
  lifeMs: number,
) {
  return {
    itemId: makeUuid(),
    content,
    conversation,
    createdAt,
    expiresAt: expiresAt ?? createdAt + lifeMs,
    key: content.kind === 'message' ? makeUuid() : '',
    keyAt: content.kind === 'message' ? createdAt : 0,
  } satisfies NewItem
}

/** As it is in the store. */
export function asKept(item: NewItem): OutboxItem {
  const kept = {
    state: 'pending',
    key: '',
    keyAt: 0,
    dueAt: item.createdAt,
    failure: null,
    tries: 0,
  } as const
  return { ...kept, version: 0, changedAt: item.createdAt, misses: 0, result: null, ...item }
}
