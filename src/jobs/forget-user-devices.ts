// Forgets what is kept for the devices of users and has had its time: devices that have not been seen for as long as
// messages are kept, cursors that stand before everything that is, and under which ids a device has sent what. Devices
// and cursors are walked, since an index of them by age would cost more than the walk.
import { oldestMessageId } from '../core/message-pages.ts'
import type { World } from '../core/world.ts'
import { messageIdAt } from '../lib/message-id.ts'
import type { Sql } from '../store/db.ts'
import { nextCursorOwner, removeAllPassed, removeOldCursors } from '../store/inbox.ts'
import { deleteUserDevice, forgetSentMessages, listDevicesAfter } from '../store/user-devices.ts'
import type { Job } from './runner.ts'

const sentPerSlice = 500
const devicesPerSlice = 100
const ownersPerSlice = 100

export class ForgetUserDevices implements Job {
  readonly name = 'forget_user_devices'
  readonly everyMs = 3_600_000
  /** The walks go on after this device, and this owner of cursors. */
  #device = 0
  #owner = 0

  async run({ db, clock, config }: Pick<World, 'db' | 'clock' | 'config'>): Promise<boolean> {
    const now = clock.now()
    const unseenSince = now - config.core.messageRetentionMs
    const { sent, device, owner } = await db.write(async sql => ({
      sent: await forgetSentMessages(sql, messageIdAt(now - config.im.resendMs), sentPerSlice),
      device: await forgetUnseen(sql, this.#device, unseenSince),
      owner: await forgetCursors(sql, this.#owner, oldestMessageId({ clock, config })),
    }))
    this.#device = device
    this.#owner = owner
    return sent === sentPerSlice || device > 0 || owner > 0
  }
}

/** @returns the device after which to go on; 0 when all are done */
async function forgetUnseen(sql: Sql, after: number, unseenSince: number): Promise<number> {
  const page = await listDevicesAfter(sql, after, devicesPerSlice)
  for (const { uid, deviceId, session, seenAt } of page) {
    if (session !== null || seenAt >= unseenSince) continue
    await deleteUserDevice(sql, uid, deviceId)
    await removeAllPassed(sql, uid)
  }
  return page.length === devicesPerSlice ? page.at(-1)!.deviceId : 0
}

/** @returns the owner after whom to go on; 0 when all are done */
async function forgetCursors(sql: Sql, after: number, before: number): Promise<number> {
  let owner = after
  for (let owners = 0; owners < ownersPerSlice; owners++) {
    const uid = await nextCursorOwner(sql, owner)
    if (uid === undefined) return 0
    await removeOldCursors(sql, uid, before)
    owner = uid
  }
  return owner
}
