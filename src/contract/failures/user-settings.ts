// What users keep about themselves and how they are notified: bindings, templates, attributes, presence. Easemob only.
import type { Failure } from '../failure.ts'

export const userSettingFailures = {
  binding_invalid: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The device to bind to the user is not registered with this app.',
      zh: '要绑定的设备未在该应用下注册。',
    },
    remedy: {
      en: 'Register the device first, and send its registration id as device_token.',
      zh: '先注册设备，并以其 registration id 作为 device_token 发送。',
    },
  },
  template_unknown: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The app has no push template of this name.', zh: '该应用没有此名称的推送模板。' },
    remedy: { en: 'Create the template first.', zh: '先创建该模板。' },
  },
  attributes_off: {
    dialects: ['easemob'],
    params: ['appkey'],
    executed: 'no',
    advice: 'never',
    cause: { en: 'User attributes are switched off for this app.', zh: '该应用未开启用户属性服务。' },
    remedy: {
      en: 'Have the operator set user_attributes of the app to true.',
      zh: '请运维将应用的 user_attributes 设为 true。',
    },
  },
  attributes_too_large: {
    dialects: ['easemob'],
    params: ['limit'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The attributes of the user would take more bytes than one user may have.',
      zh: '该用户的属性总长度将超过单个用户的上限。',
    },
    remedy: { en: 'Shorten or remove attributes.', zh: '缩短或删除部分属性。' },
  },
  attributes_of_app_too_large: {
    dialects: ['easemob'],
    params: ['limit'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The attributes of all users of the app would take more bytes than the server allows.',
      zh: '该应用全部用户属性的总长度将超过服务器上限。',
    },
    remedy: {
      en: 'Delete attributes, or have the operator raise POSTHOUSE_ATTRIBUTE_BYTES_PER_APP_MAX.',
      zh: '删除部分属性，或请运维调高 POSTHOUSE_ATTRIBUTE_BYTES_PER_APP_MAX。',
    },
  },
  presence_off: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'Presence is switched off for this app.', zh: '该应用未开启在线状态订阅服务。' },
    remedy: {
      en: 'Have the operator set presence of the app to true.',
      zh: '请运维将应用的 presence 设为 true。',
    },
  },
  presence_failed: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The status to publish is no whole number from 0 to 999.',
      zh: '要发布的状态不是 0 到 999 的整数。',
    },
    remedy: {
      en: 'Send the status as a whole number: 0 = offline, 1 = online, others as the app means them.',
      zh: '以整数发送状态：0 为离线，1 为在线，其他由应用定义。',
    },
  },
  presence_ext_missing: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The presence to publish has no ext, or one that is no string.',
      zh: '发布的在线状态没有 ext，或 ext 不是字符串。',
    },
    remedy: { en: 'Send ext as a string; it may be empty.', zh: '以字符串发送 ext，可以为空。' },
  },
  presence_ext_too_big: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The ext of the presence is longer than 64 bytes (edition live: 1024).',
      zh: '在线状态的 ext 超过 64 字节（live 版为 1024 字节）。',
    },
    remedy: { en: 'Shorten it.', zh: '缩短 ext。' },
  },
  presence_resource_unknown: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The user has never logged in from a device with this resource.',
      zh: '该用户从未以此 resource 的设备登录过。',
    },
    remedy: {
      en: 'Use the resource that the client has logged in with.',
      zh: '使用客户端登录时的 resource。',
    },
  },
  presence_of_oneself: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'A user would subscribe to its own presence.', zh: '用户不能订阅自己的在线状态。' },
    remedy: { en: 'Leave the user itself out.', zh: '去掉用户自己。' },
  },
  presence_subscriptions_too_many: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'More than 100 users were to be subscribed to at once, or more than 3000 altogether.',
      zh: '单次订阅超过 100 个用户，或总订阅数超过 3000。',
    },
    remedy: {
      en: 'Subscribe to fewer users a call, and end subscriptions that are not needed.',
      zh: '减少每次订阅的用户数，并取消不再需要的订阅。',
    },
  },
  presence_queries_too_many: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'More than 100 users were asked for at once.', zh: '单次查询超过 100 个用户。' },
    remedy: { en: 'Ask in several calls.', zh: '分多次查询。' },
  },
  presence_unsubscriptions_too_many: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'More than 100 subscriptions were to end at once.', zh: '单次取消订阅超过 100 个用户。' },
    remedy: { en: 'End them in several calls.', zh: '分多次取消。' },
  },
  presence_pages_too_large: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A page of subscriptions was to have more than 500 entries.',
      zh: '订阅列表每页超过 500 条。',
    },
    remedy: { en: 'Ask for smaller pages.', zh: '减小每页数量。' },
  },
  presence_usernames_empty: {
    dialects: ['easemob'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'No users are named.', zh: '未提供任何用户名。' },
    remedy: { en: 'Name one user at least.', zh: '至少提供一个用户名。' },
  },
} as const satisfies Record<string, Failure>
