// The durable outbox: `new Outbox({ path, jpush, easemob })`, then `send`. Needs `node:sqlite`: Node 24, or what has it.
export type {
  OutboxContent,
  OutboxItem,
  OutboxOptions,
  OutboxState,
} from './outbox/item.ts'
export { type Closing, type OpenOptions, Outbox, type Send } from './outbox/outbox.ts'
export type { ItemFilter } from './outbox/sqlite-store.ts'
