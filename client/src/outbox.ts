// The durable outbox: `new Outbox({ path, jpush, easemob })`, then `send`. A `path` needs `node:sqlite`: Node 24, or what
// has it; a `store` does not.
export {
  type ByHand,
  type Desk,
  type DeskOptions,
  type HandOutcome,
  type HandResult,
  type Look,
  OutboxDesk,
  type ResendOptions,
  type Target,
} from './outbox/desk.ts'
export type {
  OutboxContent,
  OutboxItem,
  OutboxOptions,
  OutboxState,
} from './outbox/item.ts'
export type { Send } from './outbox/new-item.ts'
export {
  type Closing,
  type OpenOptions,
  Outbox,
  type Place,
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
