// How the engine finds what belongs to users and groups: by an index in every statement, and in the order of the index,
// so that no call costs what the whole app holds.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import * as contacts from './contacts.ts'
import type { Sql } from './db.ts'
import * as deletions from './deletions.ts'
import * as files from './files.ts'
import * as groupAttributes from './group-attributes.ts'
import * as members from './group-members.ts'
import * as requests from './group-requests.ts'
import * as roles from './group-roles.ts'
import * as groups from './groups.ts'
import * as images from './images.ts'
import * as trails from './message-trails.ts'
import * as notifications from './notification-settings.ts'
import * as presence from './presence.ts'
import * as templates from './push-templates.ts'
import { SqliteDb } from './sqlite.ts'
import * as superAdmins from './super-admins.ts'
import * as attributes from './user-attributes.ts'
import * as bindings from './user-bindings.ts'
import * as blocks from './user-blocks.ts'
import * as mutes from './user-mutes.ts'
import { forgetUserSettings } from './user-settings.ts'
import * as users from './users.ts'

const user: users.UserRow = {
  uid: 1,
  appId: 1,
  username: 'ann',
  uuid: 'u',
  password: null,
  nickname: null,
  activated: 1,
  tokensFrom: 0,
  pushSettings: '{}',
  createdAt: 0,
  modifiedAt: 0,
}

const group: groups.GroupRow = {
  groupId: 5,
  appId: 1,
  kind: 'group',
  name: '',
  description: '',
  isPublic: 1,
  maxUsers: 10,
  membersOnly: 0,
  allowInvites: 0,
  inviteNeedConfirm: 0,
  custom: '',
  avatar: null,
  scale: 'normal',
  isDisabled: 0,
  isMuted: 0,
  ownerUid: 1,
  memberCount: 1,
  createdAt: 0,
  modifiedAt: 0,
}

const file: files.FileRow = {
  fileNo: 1,
  fileId: 'f',
  appId: 1,
  groupId: 5,
  ownerUid: 1,
  owner: 'ann',
  name: '',
  type: '',
  bytes: 0,
  secretDigest: null,
  thumbnailWidth: 0,
  thumbnailHeight: 0,
  hasContent: 1,
  createdAt: 0,
}

const works: Readonly<Record<string, (sql: Sql) => Promise<unknown>>> = {
  async users(sql) {
    await users.insertUser(sql, user)
    await users.insertUser(sql, { ...user, uid: 2, username: 'bob', uuid: 'b' })
    await users.findUserById(sql, 1)
    await users.findUser(sql, 1, '6ba7b810-9dad-11d1-80b4-00c04fd430c8')
    await users.updateUser(sql, user)
    for (const by of ['uid', 'modified_at', 'username'] as const)
      for (const isDescending of [true, false])
        await users.listUsers(sql, 1, [{ by, isDescending }], [by === 'username' ? 'a' : 1, 1], 10)
    await users.listUsers(sql, 1, [], undefined, 10)
  },

  async groups(sql) {
    await groups.insertGroup(sql, group)
    await groups.findGroup(sql, 1, 'group', 5)
    await groups.findOwnedGroup(sql, 1, 'group', 5)
    await groups.isGroupIdTaken(sql, 5)
    await groups.listOwnedGroups(sql, 1, 'group')
    await groups.listJoinedGroups(sql, 1, 'group', 0, 10)
    await groups.countGroups(sql, 1, 'group')
    await groups.updateGroup(sql, group)
    await groups.setAllMuted(sql, 5, true)
    await groups.readAnnouncement(sql, 5)
    await groups.writeAnnouncement(sql, 5, '')
    await groups.dissolveAbandoned(sql, 9)
  },

  async images(sql) {
    await images.insertImage(sql, { mediaId: 'm', appId: 1, urls: '{}', expiresAt: 9 })
    await images.findImage(sql, 'm')
    await images.setImageUrls(sql, 'm', '{}')
    await images.hasImages(sql, 1, 0, 10)
    await images.insertImageFile(sql, 'm', { fileId: 'f', type: '', bytes: 0 }, 0)
    await images.findImageFile(sql, 'f')
    await images.removeOlderFiles(sql, 'm', 20, 20)
    await images.deleteExpiredImages(sql, 9, 10)
    await images.deleteImagesOfApp(sql, 1, 10)
  },

  async members(sql) {
    await members.addMembers(sql, group, [1, 2], 0)
    await members.isMember(sql, 5, 1)
    await members.isHearing(sql, 5, 1)
    await members.setShielded(sql, 5, 1, true)
    await members.listMemberIds(sql, 5)
    await members.listAbsentMembers(sql, 5)
    const page = { after: { joinedAt: 0, uid: 0 }, offset: 0, limit: 1, except: 0 }
    for (const order of ['oldest_first', 'newest_first'] as const)
      await members.listMembers(sql, 5, { ...page, order })
    await members.countJoined(sql, 1, 'group')
    await members.hasMemberships(sql, 1, 'group', 2)
  },

  async roles(sql) {
    await roles.putRole(sql, 5, 1, 'muted', 0)
    await roles.findRoles(sql, 5, 1, 0)
    await roles.hasRole(sql, 5, 1, 'admin', 0)
    await roles.listRole(sql, 5, 'blocked', 0, { since: 1, uid: 1 }, 10)
    await roles.listAdminIds(sql, 5)
    await roles.deleteRole(sql, 5, 1, 'muted')
    await roles.dropAllRoles(sql, 5, 1)
    await roles.purgeRoles(sql, 0, 10)
    await superAdmins.putSuperAdmin(sql, 1, 1, 0)
    await superAdmins.isSuperAdmin(sql, 1)
    await superAdmins.listSuperAdmins(sql, 1, 0, 10)
  },

  async requests(sql) {
    const most = { ofGroup: 5, ofUser: 5 }
    for (const inviterUid of [0, 2])
      await requests.putGroupRequest(sql, { groupId: 5, uid: 1, inviterUid }, 0, most)
    await requests.hasApplied(sql, 5, 1)
    await requests.dropApplication(sql, 5, 1)
    await requests.dropInvitations(sql, 5, 1)
  },

  async attributesOfGroups(sql) {
    await groupAttributes.putMemberAttribute(sql, 5, 1, 'k', 'v')
    await groupAttributes.putMemberAttribute(sql, 5, 1, 'k', '')
    await groupAttributes.listMemberAttributes(sql, 5, 1)
    for (const goesWithUser of [1, 0])
      await groupAttributes.putRoomAttribute(sql, 5, {
        name: `k${goesWithUser}`,
        value: '',
        uid: 1,
        goesWithUser,
      })
    await groupAttributes.listRoomAttributes(sql, 5)
    await groupAttributes.dropRoomAttributes(sql, 5, 1)
  },

  async contacts(sql) {
    await contacts.insertContacts(sql, 1, 2, 0)
    await contacts.isContact(sql, 1, 2)
    await contacts.countContacts(sql, 1)
    await contacts.listContacts(sql, 1, { at: 1, uid: 1 }, 10)
    await contacts.setRemark(sql, 1, 2, '')
    await contacts.putInvitation(sql, 1, 2, 0, 5)
    await contacts.isInvited(sql, 1, 2)
    await contacts.deleteContacts(sql, 1, 2)
    await blocks.insertBlock(sql, 1, 2, 0)
    await blocks.insertBlock(sql, 2, 1, 0)
    await blocks.isBlocked(sql, 2, 1)
    await blocks.countBlocks(sql, 1)
    await blocks.listBlocks(sql, 1, { at: 1, uid: 1 }, 10)
    await blocks.deleteBlock(sql, 1, 2)
    await mutes.putMute(sql, user, 'chat', 1)
    await mutes.isMuted(sql, 1, 'chat', 0)
    await mutes.listMutesOf(sql, 1, 0)
    await mutes.listMutes(sql, 1, 0, 0, 10)
    await mutes.deleteMute(sql, 1, 'chat')
    await mutes.purgeMutes(sql, 0, 10)
  },

  async settings(sql) {
    await attributes.putAttributes(sql, { uid: 1, appId: 1, attributes: '{}', bytes: 2 }, 0)
    await notifications.putNotification(sql, 1, {
      target: 'u:bob',
      remind: 'ALL',
      quietInterval: '',
      quietUntil: 0,
    })
    await notifications.findNotification(sql, 1, 'u:bob')
    await notifications.listNotifications(sql, 1, '', 10)
    await notifications.countNotifications(sql, 1)
    await notifications.deleteNotification(sql, 1, 'u:bob')
    await notifications.putLanguage(sql, 1, 'en')
    await notifications.findLanguage(sql, 1)
    const template = { appId: 1, name: 't', title: '', content: '', createdAt: 0, updatedAt: 0 }
    await templates.putTemplate(sql, template)
    await templates.findTemplate(sql, 1, 't')
    await templates.countTemplates(sql, 1)
    await templates.deleteTemplate(sql, 1, 't')
    const binding = {
      bindingId: 1,
      uid: 1,
      deviceName: 'd',
      appId: 1,
      notifier: 'n',
      token: 't',
      pushDevice: 7,
      boundAt: 0,
    }
    await bindings.putBinding(sql, binding)
    for (const reach of ['own', 'vendors'] as const) {
      await bindings.listDevicesOfAbsent(sql, 1, 'u:bob', reach)
      await bindings.listDevicesOfAbsentMembers(sql, 1, 'g:1', 2, reach)
      await bindings.hasBindings(sql, 1, reach, 'n')
    }
    await bindings.findBinding(sql, 1)
    await trails.listReceivingDevices(sql, 1, 'u:bob', 7)
    const page = { joinedBy: 9, except: 0, after: { uid: 0, deviceId: 0 }, limit: 10 }
    await trails.listReceivingDevicesOfGroup(sql, 5, 'g:5', 7, page)
    await bindings.deleteBindingById(sql, 1)
    await bindings.deleteBindingsOfDevice(sql, 7)
    await bindings.deleteBinding(sql, 1, 'd')
  },

  async presence(sql) {
    await presence.putPresence(sql, 1, { resource: 'web', status: 1, ext: '' })
    await presence.findPresenceText(sql, 1)
    await presence.listPresenceStates(sql, 1)
    await presence.putSubscription(sql, 1, 2, 9)
    await presence.findSubscriptionEnd(sql, 1, 2, 0)
    await presence.countSubscriptions(sql, 1, 0)
    await presence.listOnlineSubscribers(sql, 2, 0)
    await presence.cutSubscribers(sql, 2, 5)
    await presence.deleteSubscription(sql, 1, 2)
    await presence.purgeSubscriptions(sql, 0, 10)
  },

  async files(sql) {
    await files.insertFile(sql, file)
    await files.insertFile(sql, { ...file, fileNo: 2, fileId: 'g', groupId: null })
    await files.findFile(sql, 1, 5, 'f')
    await files.listGroupFiles(sql, 5, 0, 10)
    await files.hasGroupFiles(sql, 5, 2)
    await files.selectLiveContents(sql, ['f'])
    await files.listExpiredFiles(sql, 1, 10)
    await files.markExpired(sql, ['g'])
    await files.forgetExpiredFiles(sql, 1, 10)
    await files.forgetRemovedContents(sql, ['f'])
  },

  async ends(sql) {
    await members.removeMembers(sql, 5, [2])
    await members.forgetMemberships(sql, 2)
    await contacts.forgetContacts(sql, 2)
    await blocks.forgetBlocks(sql, 1)
    await mutes.forgetMutes(sql, 2)
    await superAdmins.removeSuperAdmin(sql, 1)
    await forgetUserSettings(sql, 1)
    await users.deleteUser(sql, 2)
    await requests.putGroupRequest(sql, { groupId: 6, uid: 1, inviterUid: 2 }, 0, { ofGroup: 5, ofUser: 5 })
    await deletions.leaveTraces(sql, 1)
    while ((await deletions.removeTraces(sql, 1)) > 0);
    await groups.dissolveGroupsOf(sql, 1, 'group', 1)
    while ((await members.deleteDissolvedMembers(sql, 1)) === 'more');
    await deletions.removeUsers(sql, 1, 10)
    await deletions.removeRest(sql, 1, 10)
  },
}

/** Lists of which one is short, whatever the app holds: deleted apps and users, dissolved groups, removed contents. */
const shortLists = /^SCAN (deleted_apps|deleted_users|dissolved_groups|removed_contents)\b/

function openDb(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'posthouse-plans-'))
  const path = join(folder, 'test.db')
  const db = SqliteDb.open({ file: path, bytesMax: 1 << 30, groupMax: 100 })
  const database = new DatabaseSync(path, { readOnly: true })
  t.after(async () => {
    database.close()
    await db.close()
    rmSync(folder, { recursive: true })
  })
  const planOf = (text: string) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all()
      .map(({ detail }) => String(detail))
  /** The statements that a work runs. */
  const textsOf = async (work: (sql: Sql) => Promise<unknown>) => {
    const texts = new Set<string>()
    await db.write(sql =>
      work({
        all: (text, ...params) => sql.all(texts.add(text) && text, ...params),
        one: (text, ...params) => sql.one(texts.add(text) && text, ...params),
        run: (text, ...params) => sql.run(texts.add(text) && text, ...params),
      }),
    )
    return texts
  }
  return { planOf, textsOf }
}

test('every statement about users and groups finds its rows by an index', async t => {
  const { planOf, textsOf } = openDb(t)
  const seen = new Set<string>()
  const scans: string[] = []
  for (const work of Object.values(works))
    for (const text of await textsOf(work)) {
      seen.add(text)
      for (const step of planOf(text))
        if (/^SCAN (?!CONSTANT ROW)/.test(step) && !shortLists.test(step)) scans.push(`${step}: ${text}`)
    }
  t.diagnostic(`${seen.size} statements`)
  assert.ok(seen.size > 150)
  assert.deepEqual(scans, [])
})

test('a page of groups, all or public, is found in the order of its index, and what is left out by the index alone', async t => {
  const { planOf, textsOf } = openDb(t)
  const place = { createdAt: 9, groupId: 9, offset: 5 }
  for (const [isPublic, index] of [
    [true, 'groups_public'],
    [false, 'groups_by_age'],
  ] as const) {
    const [text] = await textsOf(sql => groups.listGroups(sql, 1, 'group', place, 10, isPublic))
    const plan = planOf(text!)
    assert.match(plan.join('\n'), new RegExp(`SEARCH groups USING COVERING INDEX ${index} `))
    // The page itself, a thousand rows at most, is put in order once more.
    assert.deepEqual(
      plan.filter(step => /SCAN|TEMP/.test(step)),
      ['SCAN page', 'USE TEMP B-TREE FOR ORDER BY'],
    )
  }
})
