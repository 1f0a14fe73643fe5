// Numbers of the vendors' contracts, each named once. What an operator may change stands in config.ts.

export const easemobLimits = {
  usernameBytesMax: 64,
  passwordCharsMax: 64,
  nicknameCharsMax: 100,
  batchUsersMax: 60,
  messageTargetsMax: 600,
  messageGroupsMax: 3,
  messageRoomsMax: 10,
  statusBatchMax: 100,
  memberBatchMax: 60,
  groupNameCharsMax: 128,
  groupDescriptionCharsMax: 512,
} as const

export const jpushLimits = {
  tagsPerPushMax: 20,
  aliasesPerPushMax: 1_000,
  registrationIdsPerPushMax: 1_000,
  tagBytesMax: 40,
  aliasBytesMax: 40,
  timeToLiveSecondsMax: 864_000,
  timeToLiveSecondsDefault: 86_400,
  offlinePerDeviceMax: 5,
  devicesPerAliasMax: 10,
  tagsPerDeviceMax: 1_000,
  cidsPerCallMax: 1_000,
} as const
