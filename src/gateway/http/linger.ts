import type { Socket } from 'node:net'
import type { HttpConfig } from '../../config.ts'

/**
 * Closes a connection whose peer may still be sending: our half first, then what arrives is read and dropped for a
 * while. Closing at once would make the kernel answer the unread bytes with a reset, which destroys the answer on its
 * way (contract.md §9: 15 of 15 clients that write first never saw it).
 */
export function lingeringClose(socket: Socket, { lingerMs, lingerBytesMax }: HttpConfig): void {
  if (socket.destroyed) return
  const readBefore = socket.bytesRead
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
  socket.once('end', () => socket.destroy())
  socket.on('error', () => socket.destroy())
  // The first listener takes the bytes from Node's parser, the second line from its leftovers: nothing that comes
  // after the last answer is parsed, let alone served.
  socket.on('data', () => {})
  socket.removeAllListeners('data')
  socket.on('data', () => {
    if (socket.bytesRead - readBefore > lingerBytesMax) socket.destroy()
  })
  socket.resume()
  socket.end()
}
