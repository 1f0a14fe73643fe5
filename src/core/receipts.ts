// Receipts of devices: each is counted once, however often it comes. A push to a chosen audience has a row a device
// that changes its state; a broadcast has a bit a device. The counts change in the same transaction.
import type { DeviceOperations, Receipts } from '../contract/operations/devices.ts'
import { chunkOf, withBits } from '../lib/bitmap.ts'
import type { Sql } from '../store/db.ts'
import { displayTarget, openTarget, receiveTarget } from '../store/queues.ts'
import {
  addToCounts,
  findPushHead,
  findReceipts,
  type PushHead,
  putReceipts,
  type ReceiptEvent,
} from '../store/receipts.ts'
import { type Handlers, writes } from './handler.ts'

export const receiptHandlers: Handlers<Extract<keyof DeviceOperations, 'queue.acknowledge'>> = {
  'queue.acknowledge': writes(async (_call, { received, displayed, opened }, sql) => {
    for (const receipts of received) await confirm(sql, receipts, ['received'])
    // Whoever has seen a push has received it, whether its acknowledgement came through or not; so with opening.
    for (const receipts of displayed) await confirm(sql, receipts, ['received', 'displayed'])
    for (const receipts of opened) await confirm(sql, receipts, ['received', 'displayed', 'opened'])
    return {}
  }),
}

const changes = { received: receiveTarget, displayed: displayTarget, opened: openTarget } as const

async function confirm(sql: Sql, receipts: Receipts, events: readonly ReceiptEvent[]): Promise<void> {
  const push = await findPushHead(sql, receipts.msgId)
  if (!push || push.appId !== receipts.appId) return
  // That a device knows of a withdrawal is kept, and nobody's count.
  if (push.withdraws !== null)
    return void (await addToBits(sql, receipts.msgId, receipts.devices, 'received'))
  const counts = { received: 0, displayed: 0, opened: 0 }
  for (const event of events) counts[event] = await add(sql, push, receipts, event)
  if (counts.received + counts.displayed + counts.opened > 0)
    await addToCounts(sql, receipts.msgId, receipts.platform, counts)
}

/** @returns how many of the devices had not confirmed the event before */
async function add(sql: Sql, push: PushHead, receipts: Receipts, event: ReceiptEvent): Promise<number> {
  if (push.isBroadcast === 0) return addToTargets(sql, receipts, event)
  if (!push.platforms.split(',').includes(receipts.platform)) return 0
  const { old = [], later = [] } = Object.groupBy(receipts.devices, deviceId =>
    deviceId > push.throughDevice ? 'later' : 'old',
  )
  const addedLater = await addToBits(sql, receipts.msgId, later, event)
  // Devices that registered after a broadcast was accepted are targets once they have it.
  if (event === 'received' && addedLater > 0)
    await addToCounts(sql, receipts.msgId, receipts.platform, { target: addedLater })
  return addedLater + (await addToBits(sql, receipts.msgId, old, event))
}

async function addToTargets(sql: Sql, { msgId, devices }: Receipts, event: ReceiptEvent): Promise<number> {
  let added = 0
  for (const deviceId of devices) if (await changes[event](sql, deviceId, msgId)) added++
  return added
}

async function addToBits(
  sql: Sql,
  msgId: number,
  devices: readonly number[],
  event: ReceiptEvent,
): Promise<number> {
  let sum = 0
  for (const [chunk, members] of Map.groupBy(devices, chunkOf)) {
    const { chunk: bits, added } = withBits(await findReceipts(sql, msgId, event, chunk), members)
    if (added > 0) await putReceipts(sql, msgId, event, chunk, bits)
    sum += added
  }
  return sum
}
