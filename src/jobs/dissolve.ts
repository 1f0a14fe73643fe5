// Removes the members of groups and rooms that were dissolved. The group itself is gone at once; the rows of its
// members follow in slices, so that no deletion takes as long as the group is large.
import { deleteDissolvedMembers } from '../store/group-members.ts'
import type { Job } from './runner.ts'

const membersPerSlice = 1_000

export const dissolve: Job = {
  name: 'dissolve',
  everyMs: 60_000,
  async run(world) {
    return (await world.db.write(sql => deleteDissolvedMembers(sql, membersPerSlice))) === 'more'
  },
}
