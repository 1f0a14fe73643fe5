// Receipts of devices: each is counted once, however often it comes. A push to a chosen audience has a row a device
// that changes its state; a broadcast has a bit a device. The counts change in the same transaction.
import type { DeviceOperations, Receipts } from '../contract/operations/devices.ts'
import { chunkOf, withBits } from '../lib/bitmap.ts'
import type { Sql } from '../store/db.ts'
import { openTarget, receiveTarget } from '../store/queues.ts'
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
  'queue.acknowledge': writes(async (_call, { received, opened }, sql) => {
    for (const receipts of received) await confirm(sql, receipts, ['received'])
    // Whoever has opened a push has received it, whether its acknowledgement came through or not.
    for (const receipts of opened) await confirm(sql, receipts, ['received', 'opened'])
    return {}
  }),
}

async function confirm(sql: Sql, receipts: Receipts, events: readonly ReceiptEvent[]): Promise<void> {
  const push = await findPushHead(sql, receipts.msgId)
  if (!push || push.appId !== receipts.appId) return
  const counts = { received: 0, opened: 0 }
  for (const event of events) counts[event] = await add(sql, push, receipts, event)
  if (counts.received + counts.opened > 0) await addToCounts(sql, receipts.msgId, receipts.platform, counts)
}

/** @returns how many of the devices had not confirmed the event before */
async function add(sql: Sql, push: PushHead, receipts: Receipts, event: ReceiptEvent): Promise<number> {
  if (push.isBroadcast === 0) return addToTargets(sql, receipts, event)
  return push.platforms.split(',').includes(receipts.platform) ? addToBits(sql, receipts, event) : 0
}

async function addToTargets(sql: Sql, { msgId, devices }: Receipts, event: ReceiptEvent): Promise<number> {
  const change = event === 'received' ? receiveTarget : openTarget
  let added = 0
  for (const deviceId of devices) if (await change(sql, deviceId, msgId)) added++
  return added
}

async function addToBits(sql: Sql, { msgId, devices }: Receipts, event: ReceiptEvent): Promise<number> {
  let sum = 0
  for (const [chunk, members] of Map.groupBy(devices, chunkOf)) {
    const { chunk: bits, added } = withBits(await findReceipts(sql, msgId, event, chunk), members)
    if (added > 0) await putReceipts(sql, msgId, event, chunk, bits)
    sum += added
  }
  return sum
}
