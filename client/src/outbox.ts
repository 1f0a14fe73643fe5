// The durable outbox: `new Outbox({ path, jpush, easemob })`, then `send`. Needs `node:sqlite`: Node 24, or what has it.
export type {
  OutboxContent,
  OutboxItem,
  OutboxOptions,
  OutboxState,
} from './outbox/item.ts'
export {
  type ByHand,
  type Closing,
  type OpenOptions,
  Outbox,
  type Place,
  type Send,
  type SendOptions,
} from './outbox/outbox.ts'
export type {
  AuditFilter,
  AuditRow,
  HandAction,
  Imported,
  ItemFilter,
  OutboxStore,
} from './outbox/store.ts'
