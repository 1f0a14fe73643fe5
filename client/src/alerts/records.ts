// What is kept of alerts and of messages that are not delivered yet.
import type { Alert, AlertMessage, AlertSink } from './alert.ts'
import { type AlertStore, memoryStore } from './store.ts'

export interface AlertRecord {
  readonly alert: Alert
  /** By sink, when it has heard that it fires: itself, or the fallback for it. */
  readonly told: Readonly<Record<string, number>>
  /** By sink that has refused it for good: not tried again before. */
  readonly heldUntil: Readonly<Record<string, number>>
}

/** The sinks for which an alert is in a message, and when each has heard before that it fires. */
export type Ears = Readonly<Record<string, number | null>>

interface MessageAlert {
  readonly alert: Alert
  /** Of the message when it came in. */
  readonly version: number
  readonly ears: Ears
}

export interface MessageRecord extends Omit<AlertMessage, 'alerts' | 'at'> {
  readonly sink: string
  readonly alerts: Readonly<Record<string, MessageAlert>>
  readonly version: number
  readonly tries: number
  readonly dueAt: number
  /** Until then it is being sent. */
  readonly leaseUntil: number
}

export interface GroupRecord {
  readonly key: string
  readonly toldAt: number
  /** How many messages without a longer pause between them. */
  readonly told: number
}

export function takes({ severities }: AlertSink, { severity }: Alert): boolean {
  return !severities || severities.includes(severity)
}

export function messageKey({
  sink,
  severity,
  dialect,
  host,
}: Pick<MessageRecord, 'sink' | 'severity' | 'dialect' | 'host'>): string {
  return JSON.stringify([sink, severity, dialect, host])
}

export function fieldsOf({ sink, messageId, severity, dialect, host, alerts }: MessageRecord): object {
  const ids = Object.values(alerts).map(({ alert }) => `${alert.id} ${alert.state}`)
  return { sink, messageId, severity, dialect, host, ids }
}

/** In memory, with what can still be read. */
export function copyOf(store: AlertStore): AlertStore {
  const copy = memoryStore()
  try {
    for (const record of store.list('alert') as AlertRecord[]) copy.put('alert', record.alert.key, record)
    for (const record of store.list('message') as MessageRecord[])
      copy.put('message', messageKey(record), record)
    store.close()
  } catch {
    // What cannot be read is there when it can be again.
  }
  return copy
}
