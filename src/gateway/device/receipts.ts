// Receipts on their way to the core: grouped by push, one command at a time, given to the sessions once committed.
import type { Receipts as ReceiptGroup } from '../../contract/operations/devices.ts'
import type { Link } from '../../link/link.ts'
import { Batcher } from '../batcher.ts'
import type { Flight, Session } from './session.ts'

/** What a device says of a push it has. */
export type DeviceEvent = 'displayed' | 'opened'

/** A push the device has acknowledged, or an event it has published. */
export type Receipt =
  | { readonly session: Session; readonly msgId: number; readonly flight: Flight }
  | {
      readonly session: Session
      readonly msgId: number
      readonly flight?: undefined
      readonly event: DeviceEvent
      readonly packetId: number
    }

export interface ReceiptLimits {
  readonly batchMax: number
  readonly retryMs: number
}

export class Receipts {
  readonly #link: Link
  readonly #batcher: Batcher<Receipt>

  constructor(link: Link, { batchMax, retryMs }: ReceiptLimits) {
    this.#link = link
    this.#batcher = new Batcher({ max: batchMax, retryMs, send: receipts => this.#send(receipts) })
  }

  add(receipt: Receipt): void {
    this.#batcher.add(receipt)
  }

  /** As `Batcher.settled`. */
  settled(): Promise<boolean> {
    return this.#batcher.settled()
  }

  async #send(receipts: readonly Receipt[]): Promise<boolean> {
    const args = {
      received: group(receipts.filter(({ flight }) => flight)),
      displayed: group(receipts.filter(each => !each.flight && each.event === 'displayed')),
      opened: group(receipts.filter(each => !each.flight && each.event === 'opened')),
    }
    const reply = await this.#link.call({
      op: 'queue.acknowledge',
      args,
      caller: { as: 'door' },
      request: 'devices',
    })
    if ('refusal' in reply) return false
    for (const receipt of receipts)
      if (receipt.flight) receipt.session.confirm(receipt.flight)
      else receipt.session.confirmEvent(receipt.packetId)
    return true
  }
}

type Mutable = Omit<ReceiptGroup, 'devices'> & { readonly devices: number[] }

function group(receipts: readonly Receipt[]): ReceiptGroup[] {
  const groups = new Map<number, Mutable[]>()
  for (const { msgId, session } of receipts) {
    const { appId, platform, deviceId } = session
    let ofPush = groups.get(msgId)
    if (!ofPush) {
      ofPush = []
      groups.set(msgId, ofPush)
    }
    const known = ofPush.find(each => each.platform === platform && each.appId === appId)
    if (known) known.devices.push(deviceId)
    else ofPush.push({ msgId, appId, platform, devices: [deviceId] })
  }
  return [...groups.values()].flat()
}
