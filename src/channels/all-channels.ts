// The ways to devices that hold no socket of this server's. A further vendor is one file and one line here.
import { apns } from './apns.ts'
import type { Channel } from './channel.ts'
import { fcm } from './fcm.ts'
import { hmos } from './hmos.ts'
import { huawei } from './huawei.ts'
import { webPush } from './web-push.ts'

export const allChannels: readonly Channel[] = [apns, fcm, huawei, hmos, webPush]

export function findChannel(name: string): Channel | undefined {
  return allChannels.find(channel => channel.name === name)
}
