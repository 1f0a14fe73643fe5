// Devices and reports in the JPush dialect; the neutral doors: device registration and administration.
import type { Failure } from '../failure.ts'

export const deviceFailures = {
  msg_ids_missing: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'A report was asked for without msg_ids.', zh: '查询统计时没有提供 msg_ids。' },
    remedy: {
      en: 'Add msg_ids=id1,id2 to the query, at most 100.',
      zh: '在查询中加上 msg_ids=id1,id2，最多 100 个。',
    },
  },
  report_parameter_invalid: {
    dialects: ['jpush'],
    params: ['reason'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A parameter of a report has a value that cannot be used; the text says which.',
      zh: '统计接口的某个参数值不可用，错误文本指出具体原因。',
    },
    remedy: { en: 'Correct the parameter the text names.', zh: '改正错误文本指出的参数。' },
  },
  device_parameter_invalid: {
    dialects: ['jpush', 'neutral'],
    params: ['reason'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A registration_id, tag, alias or member of the body is malformed, unknown or over a limit.',
      zh: 'registration_id、标签、别名或请求体成员格式错误、不存在或超出上限。',
    },
    remedy: { en: 'Correct what the text names.', zh: '改正错误文本指出的内容。' },
  },
  device_parameters_invalid: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'Some entries of a list are malformed or unknown; illegal_rids names them. Nothing was changed.',
      zh: '列表中部分条目格式错误或不存在，illegal_rids 列出了它们；未做任何更改。',
    },
    remedy: { en: 'Send it again without these.', zh: '去掉这些条目后重新发送。' },
  },
  alias_full: {
    dialects: ['jpush', 'neutral'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The alias is bound to as many devices as it may have (10).',
      zh: '该别名绑定的设备数已达上限（10）。',
    },
    remedy: { en: 'Unbind old devices from the alias, or use a tag.', zh: '先解绑旧设备，或改用标签。' },
  },
  registration_unknown: {
    dialects: ['neutral'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'No device is registered under this registration_id.',
      zh: '没有设备使用该 registration_id 注册。',
    },
    remedy: { en: 'Register the device anew.', zh: '重新注册设备。' },
  },
  device_credentials_wrong: {
    dialects: ['neutral'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The password is not that of the registration_id.', zh: '密码与 registration_id 不匹配。' },
    remedy: {
      en: 'Use the pair that the registration was answered with.',
      zh: '使用注册时返回的 registration_id 与密码。',
    },
  },
  request_invalid: {
    dialects: ['neutral'],
    params: ['reason'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A member of the body or a query value is missing or wrong; the text says which.',
      zh: '请求体成员或查询参数缺失或错误，错误文本指出具体原因。',
    },
    remedy: { en: 'Correct what the text names.', zh: '改正错误文本指出的内容。' },
  },
  admin_token_missing: {
    dialects: ['neutral'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The administration needs a Bearer token, and none was sent.',
      zh: '管理接口需要 Bearer token，而请求没有携带。',
    },
    remedy: {
      en: 'Take admin_token from runtime.json in the data folder.',
      zh: '使用数据目录下 runtime.json 中的 admin_token。',
    },
  },
  admin_token_wrong: {
    dialects: ['neutral'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The token is not the admin token of this server.',
      zh: '该 token 不是本服务器的管理 token。',
    },
    remedy: {
      en: 'Take admin_token from runtime.json in the data folder.',
      zh: '使用数据目录下 runtime.json 中的 admin_token。',
    },
  },
  app_exists: {
    dialects: ['neutral'],
    params: ['org', 'app'],
    executed: 'no',
    advice: 'never',
    cause: { en: 'An app of this name exists in the organisation.', zh: '该组织下已存在同名应用。' },
    remedy: { en: 'Choose another name.', zh: '换一个名称。' },
  },
  app_not_found: {
    dialects: ['neutral'],
    params: ['org', 'app'],
    executed: 'no',
    advice: 'never',
    cause: { en: 'There is no such app.', zh: '没有该应用。' },
    remedy: { en: 'List the apps with GET /admin/v1/apps.', zh: '通过 GET /admin/v1/apps 查看应用列表。' },
  },
  message_not_found: {
    dialects: ['neutral'],
    params: ['msg_id'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'No push and no message has this id, or it is kept no longer.',
      zh: '没有此 ID 的推送或消息，或其记录已过保留期。',
    },
    remedy: {
      en: 'Use the id that the push or the message was answered with.',
      zh: '使用推送或消息成功时返回的 ID。',
    },
  },
  app_group_exists: {
    dialects: ['neutral'],
    params: ['org', 'name'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The organisation has a group of apps of this name.',
      zh: '该组织已有同名的应用分组。',
    },
    remedy: { en: 'Use that one, or another name.', zh: '使用已有分组，或换一个名称。' },
  },
  app_group_unknown: {
    dialects: ['neutral'],
    params: ['org', 'name'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The organisation has no group of apps of this name.',
      zh: '该组织没有此名称的应用分组。',
    },
    remedy: { en: 'GET /admin/v1/app-groups lists them.', zh: '通过 GET /admin/v1/app-groups 查看。' },
  },
  app_group_too_large: {
    dialects: ['neutral'],
    params: ['limit'],
    executed: 'no',
    advice: 'split',
    cause: { en: 'A group may not have so many apps.', zh: '分组中的应用数超过上限。' },
    remedy: { en: 'Make two groups of it.', zh: '拆分为多个分组。' },
  },
  usage_unit_mismatch: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'start is not written as time_unit asks: 2026-01-05 09 for HOUR, 2026-01-05 for DAY, 2026-01 for MONTH.',
      zh: 'start 与 time_unit 的格式不符：HOUR 为 2026-01-05 09，DAY 为 2026-01-05，MONTH 为 2026-01。',
    },
    remedy: { en: 'Write it so.', zh: '按对应格式填写。' },
  },
  usage_too_old: {
    dialects: ['jpush'],
    params: ['days'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'What is asked about is longer ago than is kept.',
      zh: '查询的时间早于保留范围。',
    },
    remedy: { en: 'Ask about later periods.', zh: '查询较近的时间。' },
  },
  org_reserved: {
    dialects: ['neutral'],
    params: ['org'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The organisation name is the first part of a path of this server.',
      zh: '该组织名与服务器自身路径的首段冲突。',
    },
    remedy: { en: 'Choose another name.', zh: '换一个名称。' },
  },
  name_illegal: {
    dialects: ['neutral'],
    params: ['name'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The name has other characters than letters, digits and hyphens, or more than 32.',
      zh: '名称含字母、数字和连字符以外的字符，或超过 32 个字符。',
    },
    remedy: { en: 'Use letters, digits and hyphens only.', zh: '只使用字母、数字和连字符。' },
  },
  setting_invalid: {
    dialects: ['neutral'],
    params: ['setting', 'reason'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A setting of the app is unknown or its value is not allowed.',
      zh: '应用设置项未知，或其值不被允许。',
    },
    remedy: {
      en: 'Correct the setting the text names. Nothing was changed.',
      zh: '改正错误文本指出的设置项；未做任何更改。',
    },
  },
  core_state_invalid: {
    dialects: ['neutral'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The core cannot go from its present state into the one asked for.',
      zh: '核心无法从当前状态切换到所请求的状态。',
    },
    remedy: { en: 'Read its state first.', zh: '先查询核心当前状态。' },
  },
} as const satisfies Record<string, Failure>
