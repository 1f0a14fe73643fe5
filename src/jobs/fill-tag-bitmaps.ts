// Reads the rows of large tags into bitmaps (core/tag-bitmaps.ts), a slice at a time: about 4 ms each. Pushes wait for
// them, so it does not rest in between.
import type { World } from '../core/world.ts'
import { listTagged } from '../store/device-attributes.ts'
import type { Job } from './runner.ts'

const devicesPerSlice = 20_000

export const fillTagBitmaps: Job = {
  name: 'fill_tag_bitmaps',
  everyMs: 60_000,
  run: world => fillSlice(world, devicesPerSlice),
}

/** @returns whether there may be more to do */
export async function fillSlice(
  {
    tagBitmaps,
    db,
    clock,
  }: Pick<World, 'tagBitmaps' | 'db'> & { readonly clock: Pick<World['clock'], 'now'> },
  devices: number,
): Promise<boolean> {
  const filling = tagBitmaps.nextToFill()
  if (!filling) return false
  const { appId, tag, after } = filling
  // Taken over when the read has resolved, not within it: a row that is removed beside it may come back by a rollback.
  const deviceIds = await db.read(sql => listTagged(sql, appId, tag, after, devices))
  tagBitmaps.fill(filling, deviceIds, deviceIds.length < devices, clock.now())
  return true
}
