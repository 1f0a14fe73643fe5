// The ways to devices that hold no socket of this server's. A further vendor is one file and one line here.
import type { Channel } from './channel.ts'
import { webPush } from './web-push.ts'

export const allChannels: readonly Channel[] = [webPush]

export function findChannel(name: string): Channel | undefined {
  return allChannels.find(channel => channel.name === name)
}
