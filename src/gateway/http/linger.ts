import type { Socket } from 'node:net'
import type { HttpConfig } from '../../config.ts'

/**
 * Closes a connection whose peer is still sending: our half first, then what arrives is read and dropped for a while.
 * Closing at once would make the kernel answer the unread bytes with a reset, which destroys the answer on its way
 * (contract.md §9: 15 of 15 clients that write first never saw it).
 */
export function lingeringClose(socket: Socket, { lingerMs, lingerBytesMax }: HttpConfig): void {
  const readBefore = socket.bytesRead
  socket.end()
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  const onData = () => {
    if (socket.bytesRead - readBefore > lingerBytesMax) socket.destroy()
  }
  socket.on('data', onData)
  socket.once('close', () => clearTimeout(timer))
  socket.once('end', () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.resume()
}
