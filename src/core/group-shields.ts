import type { GroupShieldOperations } from '../contract/operations/group-shields.ts'
import { Refusal } from '../contract/refusal.ts'
import { setShielded } from '../store/group-members.ts'
import { getGroupFor } from './group-rights.ts'
import { type Handlers, writes } from './handler.ts'

export const groupShieldHandlers: Handlers<keyof GroupShieldOperations> = {
  'group.shield': writes(async (call, { group: text, isShielded }, sql) => {
    const { groupId } = await getGroupFor(call, sql, 'see', { kind: 'group', group: text })
    const { principal } = call
    if (principal.is !== 'user') throw new Refusal('group_right_missing')
    await setShielded(sql, groupId, principal.uid, isShielded)
    return {}
  }),
}
