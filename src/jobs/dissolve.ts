// Removes the members and shared files of groups and rooms that were dissolved. The group itself is gone at once; its
// rows follow in slices, so that no deletion takes as long as the group is large.
import { deleteDissolvedMembers } from '../store/group-members.ts'
import type { Job } from './runner.ts'

const rowsPerSlice = 1_000

export const dissolve: Job = {
  name: 'dissolve',
  everyMs: 60_000,
  async run(world) {
    const hasMore = (await world.db.write(sql => deleteDissolvedMembers(sql, rowsPerSlice))) === 'more'
    if (hasMore) world.nudge('remove_contents')
    return hasMore
  },
}
