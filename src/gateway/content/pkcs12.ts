// Certificate and key out of a .p12 (RFC 7292), whatever is in the file: it gets a thread and some time.
import { Worker } from 'node:worker_threads'
import { Turns } from '../../lib/turns.ts'
import type { Packed, Unpacked } from './pkcs12-worker.ts'

const timeoutMsMax = 5_000
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 }
/** A file that is made to take long keeps one core busy, not all. */
const turns = new Turns(1)

/** Undefined = it is no .p12, the password is another, or there is no certificate with its key in it. */
export function openPkcs12(
  file: Uint8Array,
  password: string,
  timeoutMs = timeoutMsMax,
): Promise<Unpacked | undefined> {
  return turns.run(() => unpack({ file, password }, timeoutMs))
}

async function unpack(workerData: Packed, timeoutMs: number): Promise<Unpacked | undefined> {
  const { promise, resolve } = Promise.withResolvers<Unpacked | undefined>()
  const worker = new Worker(new URL('./pkcs12-worker.ts', import.meta.url), { workerData, resourceLimits })
  const timer = setTimeout(() => resolve(undefined), timeoutMs)
  // One that runs out of memory says so, and ends.
  worker
    .on('message', resolve)
    .on('error', () => resolve(undefined))
    .on('exit', () => resolve(undefined))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
