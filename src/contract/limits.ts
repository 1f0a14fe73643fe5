// Numbers of the vendors' contracts, each named once. What an operator may change stands in config.ts.

export const easemobLimits = {
  usernameBytesMax: 64,
  passwordCharsMax: 64,
  nicknameCharsMax: 100,
  batchUsersMax: 60,
  usersPageDefault: 10,
  usersPageMax: 1_000,
  usersPageMaxLive: 100,
  nicknameBatchMax: 100,
  /** `notification_…` members of one user; the vendor names no limit. */
  pushSettingsMax: 1_000,
  /** Fits the signed 32-bit integer that clients read `expires_in` into; stands for "never" as well. */
  tokenTtlSecondsMax: 2_147_483_647,
  callbackRulesMax: 4,
  callbackTimeoutMsDefault: 200,
  callbackTimeoutMsMax: 3_000,
  messageTargetsMax: 600,
  messageGroupsMax: 3,
  messageRoomsMax: 10,
  /** Of a message to some members of one group or room. */
  messageMembersMax: 20,
  /** Of a group, in `roam_ignore_users`. */
  forgetfulMembersMax: 20,
  /** Content and ext of one message; a body of the usual size never gets there. */
  messageBytesMax: 40_960,
  /** Shown to a caller who does not ask for a page. */
  contactsUnpagedMax: 3_000,
  /** Of contacts, and of blocked users. */
  contactsPageDefault: 10,
  contactsPageMax: 50,
  remarkCharsMax: 100,
  /** Invitations that one user has not answered, and that one has sent; the oldest go. */
  invitationsMax: 500,
  invitationBatchMax: 60,
  /** Users that one has blocked. */
  blocksMax: 500,
  muteSecondsMax: 2_147_483_647,
  mutesPageDefault: 10,
  mutesPageMax: 50,
  /** How long a message can be recalled. */
  recallMs: 120_000,
  /** How often one message can be edited. */
  editsMax: 10,
  /** Different reactions to one message, and the characters of one. */
  reactionsPerMessageMax: 20,
  reactionCharsMax: 128,
  /** Users shown with each reaction of a message. */
  reactionUsersShown: 3,
  reactionMessagesMax: 20,
  reactionUsersPageDefault: 50,
  reactionUsersPageMax: 100,
  threadNameCharsMax: 64,
  threadsPageDefault: 20,
  threadsPageMax: 50,
  threadMembersPageDefault: 20,
  threadMembersPageMax: 50,
  threadMemberBatchMax: 10,
  threadLastMessagesMax: 20,
  roamingPageDefault: 20,
  roamingPageMax: 50,
  /** Messages removed from one's own view in one call. */
  hiddenBatchMax: 50,
  /** Conversations with users that one user has listed: at more than that, those silent longest go, down to the second. */
  conversationsMax: 1_000,
  conversationsKept: 900,
  /** Of one user's groups, those joined last are among its conversations. */
  conversationGroupsMax: 1_000,
  conversationsPageDefault: 20,
  conversationsPageMax: 50,
  /** Unread messages are looked for among so many of the newest. */
  unreadMax: 200,
  /** Kinds of marks, numbered from 0. */
  conversationMarks: 20,
  markBatchMax: 20,
  /** Readers of a message of a group. */
  readersPageDefault: 50,
  readersPageMax: 500,
  recallBatchMax: 100,
  /** How long the address of an export is good. */
  exportLinkMs: 1_800_000,
  historyPageDefault: 10,
  historyPageMax: 1_000,
  statusBatchMax: 100,
  memberBatchMax: 60,
  groupNameCharsMax: 128,
  groupDescriptionCharsMax: 512,
  /** What the newer documents allow; a body of the usual size never gets there. */
  groupCustomCharsMax: 8_192,
  groupAvatarCharsMax: 1_024,
  /** Members of a group or room, the owner included. */
  groupUsersDefault: 200,
  roomUsersDefaultLive: 1_000,
  groupUsersMax: 8_000,
  roomUsersMax: 10_000,
  /** Beside the owner, in the call that makes a group. */
  firstMembersMax: 100,
  /** Groups asked for by id in one call. */
  groupDetailsMax: 100,
  /** Members shown with the details of one group. */
  affiliationsMax: 1_000,
  /** In a larger group or room nobody is told who comes and goes, nor of the attributes of members. */
  groupPresenceMembersMax: 1_000,
  /** Users told of those whom one call deletes, once for each thing they are told; others find them gone. */
  farewellsMax: 10_000,
  groupAdminsMax: 99,
  groupAnnouncementCharsMax: 512,
  /** When a mute without end ends (easemob.md §6.25), epoch ms; none ends later. */
  groupMuteEndMax: 4_638_873_600_000,
  /** Requests to join and invitations that nobody has answered; the oldest go. */
  requestsPerGroupMax: 1_000,
  requestsPerUserMax: 500,
  requestTextCharsMax: 512,
  /** Of one member of a group. */
  memberAttributeNameCharsMax: 16,
  memberAttributeValueCharsMax: 512,
  memberAttributeCharsMax: 4_096,
  memberAttributeTargetsMax: 100,
  roomAttributesPerCallMax: 10,
  roomAttributesMax: 100,
  roomAttributeNameCharsMax: 128,
  roomAttributeValueCharsMax: 4_096,
  groupsPageDefault: 10,
  groupsPageMax: 1_000,
  /** Groups of one user shown to a caller who does not ask for a page. */
  joinedUnpagedMax: 500,
  /** The call that pages from 0 (easemob.md §2.10.2). */
  joinedDetailsDefault: 5,
  joinedDetailsMax: 20,
  /** One uploaded file; the vendor counts in units of 1024. */
  fileBytesMax: 10 * 1024 * 1024,
  /** Width and height of a thumbnail, in pixels, unless the uploader asks for others. */
  thumbnailPixels: 170,
  thumbnailPixelsMax: 1_024,
  /** Images of so many bytes are their own thumbnails. */
  thumbnailFromBytes: 10 * 1024,
  sharedFilesPageDefault: 10,
  sharedFilesPageMax: 1_000,
  /** Devices that a user is pushed to while away; the one bound longest ago goes. */
  bindingsMax: 20,
  bindingTextCharsMax: 512,
  /** Characters of a notification's title, and of its text. */
  alertCharsMax: 256,
  /** A message to more users who are away counts for none of them what waits: they share pushes. */
  badgedUsersMax: 100,
  badgeMax: 999,
  /** Conversations for which one user has notification settings of their own; the vendor names no limit. */
  notificationsMax: 1_000,
  notificationsPageDefault: 10,
  notificationsPageMax: 50,
  notificationsAskedMax: 20,
  quietMsMax: 604_800_000,
  languageCharsMax: 32,
  templatesMax: 1_000,
  templateNameCharsMax: 64,
  templatePatternCharsMax: 512,
  /** UTF-8 bytes of the attributes of one user, names and texts. */
  attributeBytesMax: 2_048,
  attributeTargetsMax: 100,
  presenceBatchMax: 100,
  presenceExpirySecondsMax: 2_592_000,
  presenceExtBytesMax: 64,
  presenceExtBytesMaxLive: 1_024,
  presencePageDefault: 10,
  presencePageMax: 500,
  /** Users that one can subscribe to, and that can subscribe to one. */
  presenceSubscriptionsMax: 3_000,
  presenceStatusMax: 999,
} as const

export const jpushLimits = {
  tagsPerPushMax: 20,
  aliasesPerPushMax: 1_000,
  registrationIdsPerPushMax: 1_000,
  tagBytesMax: 40,
  aliasBytesMax: 40,
  timeToLiveSecondsMax: 864_000,
  /** Of an app that is not VIP. */
  timeToLiveSecondsMaxPlain: 259_200,
  timeToLiveSecondsDefault: 86_400,
  offlinePerDeviceMax: 5,
  devicesPerAliasMax: 10,
  tagsPerDeviceMax: 1_000,
  cidsPerCallMax: 1_000,
  /** UTF-8 bytes of what one platform is sent (jpush.md §3.1.1.7). */
  androidBytesMax: 4_000,
  iosNotificationBytesMax: 2_000,
  iosMessageBytesMax: 4_000,
  winphoneBytesMax: 1_000,
  liveActivityBytesMax: 3_584,
  /** Devices not seen for longer are not pushed to (the vendor's text for code 1011 names the span). */
  inactiveAfterMs: 255 * 86_400_000,
  /** How long a push can be withdrawn or overridden. */
  pushMutableMs: 86_400_000,
  /** How long devices are told of a withdrawal, and of how many of the newest. */
  withdrawalMs: 864_000_000,
  withdrawalsPerDeviceMax: 100,
  /** For apps that are not VIP. */
  broadcastsPerDayMax: 10,
  tagsPerChangeMax: 100,
  tagBytesPerChangeMax: 1_000,
  tagsListedMax: 100,
  mobileCharsMax: 32,
  registrationIdsPerCallMax: 1_000,
  msgIdsPerCallMax: 100,
  groupMsgIdsPerCallMax: 10,
  /** How far back `/v3/users` goes, and how many periods it takes in one call. */
  usageDays: 60,
  usagePeriodsMax: { HOUR: 24, DAY: 60, MONTH: 2 },
  usageDaysOfGroup: 30,
  usagePeriodsOfGroupMax: { HOUR: 24, DAY: 30, MONTH: 1 },
  /** Files of an app that one can push to, those being uploaded among them. */
  pushFilesMax: 20,
  pushFileBytesMax: 10 * 1024 * 1024,
  pushFileHoursMax: 720,
  /** Of one file of an image; the vendor counts in units of 1024. */
  imageBytesMax: 2 * 1024 * 1024,
  imageUrlBytesMax: 2_048,
  imageMs: 30 * 86_400_000,
  /** Files of one image, those that others have replaced among them: pushes under way lead there. */
  filesPerImageMax: 20,
  /** Pushes of an app that go out at a speed of their own at a time. */
  pacedPushesMax: 20,
  appsPerGroupMax: 100,
  /** UTF-8 bytes of the name that a developer account gives an app, and of an Android package. */
  appNameBytesMax: 255,
  certificateBytesMax: 64 * 1024,
  /** Pushes of one batch. */
  batchMax: 1_000,
  /** Schedules that are not at term. */
  schedulesMax: 100,
  schedulesMaxVip: 2_000,
  schedulesPageSize: 50,
  scheduleNameBytesMax: 255,
  scheduleFrequencyMax: 100,
  /** From start to end, and how far ahead a single run may be: a year, the day of a leap year included. */
  scheduleMsMax: 366 * 86_400_000,
  onlineWithinMs: 600_000,
  lastOnlineShownMs: 2 * 86_400_000,
} as const

/** What `Retry-After` says of the server's own trouble; overloaded callers are spread, so as not to meet again. */
export const retryAfter = {
  drainMs: 30_000,
  overloadLeastMs: 1_000,
  overloadMostMs: 5_000,
} as const
