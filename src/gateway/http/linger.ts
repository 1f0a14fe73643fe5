import type { Socket } from 'node:net'
import type { HttpConfig } from '../../config.ts'

/**
 * Closes a connection whose peer may still be sending: our half first, then what arrives is read and dropped for a
 * while. Closing at once would make the kernel answer the unread bytes with a reset, which destroys the answer on its
 * way (contract.md §9: 15 of 15 clients that write first never saw it).
 */
export function lingeringClose(socket: Socket, { lingerMs, lingerBytesMax }: HttpConfig): void {
  if (socket.destroyed) return
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
  socket.once('end', () => socket.destroy())
  socket.on('error', () => socket.destroy())
  if (socket.isPaused()) {
    // Node restarts a handle whose bytes go to its parser when it hears this event, and at no other time.
    socket.once('resume', () => readAway(socket, lingerBytesMax))
    socket.resume()
  } else readAway(socket, lingerBytesMax)
  socket.end()
}

function readAway(socket: Socket, bytesMax: number): void {
  const readBefore = socket.bytesRead
  // The first listener takes the bytes from Node's parser, the next line from its leftovers: nothing that comes after
  // the last answer is parsed, let alone served.
  socket.on('data', () => {})
  socket.removeAllListeners('data')
  socket.on('data', () => {
    if (socket.bytesRead - readBefore > bytesMax) socket.destroy()
  })
  socket.resume()
}
