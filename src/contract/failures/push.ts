// Pushes to devices through the JPush dialect.
import type { Failure } from '../failure.ts'

export const pushFailures = {
  parameter_missing: {
    dialects: ['jpush'],
    params: ['name'],
    executed: 'no',
    advice: 'never',
    cause: { en: 'A required member of the push is missing.', zh: '推送请求缺少必需的参数。' },
    remedy: {
      en: 'Send platform, audience and at least one of notification and message, each with what it needs.',
      zh: '提供 platform、audience，以及 notification 或 message 至少其一，并补全各自必需的内容。',
    },
  },
  parameter_invalid: {
    dialects: ['jpush'],
    params: ['reason'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A value has the wrong type, form or range; the text says which.',
      zh: '某个值的类型、格式或范围不合法，错误文本指出具体原因。',
    },
    remedy: { en: 'Correct the value the text names.', zh: '改正错误文本指出的值。' },
  },
  unsupported_key: {
    dialects: ['jpush'],
    params: ['key'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The push holds a member that is not documented, often a typing error.',
      zh: '推送请求含有文档以外的键，常为拼写错误。',
    },
    remedy: {
      en: 'Remove or correct it; own data belongs into extras.',
      zh: '删除或改正；自定义数据应放入 extras。',
    },
  },
  push_too_big: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'One platform’s content is too long (bytes: Android 4000, iOS 2000, iOS message 4000, winphone 1000).',
      zh: '某平台的内容过长：Android 4000 字节、iOS 通知 2000、iOS 消息 4000、winphone 1000。',
    },
    remedy: {
      en: 'Shorten it, counting UTF-8 bytes (a Chinese character is 3); let the app fetch the rest.',
      zh: '按 UTF-8 字节数（汉字占 3）缩短内容，其余由客户端自行拉取。',
    },
  },
  app_key_illegal: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    unreachable: {
      en: 'An unknown or misshapen appKey fails the authentication (1004, 7004) before it could be called illegal.',
      zh: '未知或格式错误的 appKey 在鉴权时即失败（1004、7004）。',
    },
    cause: { en: 'The appKey is not one that can exist.', zh: 'appKey 不合法。' },
    remedy: { en: 'Take the appKey the operator issued.', zh: '使用运维人员发放的 appKey。' },
  },
  audience_empty: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'No device matches audience and platform together. Nothing was sent.',
      zh: '没有设备同时符合 audience 与 platform，未发送任何内容。',
    },
    remedy: {
      en: 'Check tag, alias or registration_id, and that the devices have registered with this app.',
      zh: '检查标签、别名或 registration_id，并确认设备已在该应用注册。',
    },
  },
  audience_inactive: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'Every device that matches has not been seen for more than 255 days. Nothing was sent.',
      zh: '所有符合条件的设备都已超过 255 天未活跃，未发送任何内容。',
    },
    remedy: {
      en: 'Drop these devices; they count again once they connect.',
      zh: '清理这些设备；它们重新连接后会再次计入。',
    },
  },
  active_push_conflict: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'options.active_push goes neither with message nor with big_push_duration.',
      zh: 'options.active_push 不能与 message 或 big_push_duration 同时使用。',
    },
    remedy: { en: 'Leave one of them out.', zh: '去掉其中之一。' },
  },
  push_unknown: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The msg_id to withdraw is no push of this app.', zh: '要撤回的 msg_id 不是该应用的推送。' },
    remedy: { en: 'Use the msg_id that the push was answered with.', zh: '使用推送成功时返回的 msg_id。' },
  },
  push_too_old: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: { en: 'The push to withdraw is more than a day old.', zh: '要撤回的推送已超过一天。' },
    remedy: { en: 'Withdraw within a day of sending.', zh: '请在推送后一天内撤回。' },
  },
  override_invalid: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'override_msg_id names no push of this app from the last day. The new push was not sent.',
      zh: 'override_msg_id 不是该应用一天内的推送，新推送未发送。',
    },
    remedy: {
      en: 'Leave override_msg_id out to send it as a new push.',
      zh: '去掉 override_msg_id，作为新推送发送。',
    },
  },
  cid_invalid: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The cid has not the form {appKey}-{uuid} with the appKey of the caller.',
      zh: 'cid 不符合 {appKey}-{uuid} 格式，或 appKey 与调用方不一致。',
    },
    remedy: { en: 'Take a cid from GET /v3/push/cid.', zh: '通过 GET /v3/push/cid 获取 cid。' },
  },
  push_over_limit: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'after',
    cause: {
      en: 'The app has as many pushes of fixed speed (big_push_duration) under way as it may have.',
      zh: '该应用正在进行的定速推送（big_push_duration）已达上限。',
    },
    remedy: {
      en: 'Wait until one is out, withdraw one, or send this one without big_push_duration.',
      zh: '等待其中一个完成或撤回一个，或去掉 big_push_duration 发送。',
    },
  },
  push_file_unknown: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'No file of this app has this id, or its time is over.',
      zh: '该应用没有此 file_id 对应的文件，或文件已过期。',
    },
    remedy: {
      en: 'Upload the file and use the file_id of the answer; keep it until the push is out.',
      zh: '上传文件并使用返回的 file_id；在推送完成前保留该文件。',
    },
  },
  push_files_full: {
    dialects: ['jpush'],
    params: ['limit'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The app has as many files as it may have at a time.',
      zh: '该应用未过期的文件数已达上限。',
    },
    remedy: { en: 'Delete one that is done with.', zh: '删除不再使用的文件。' },
  },
  image_unknown: {
    dialects: ['jpush', 'neutral'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'No image of this app has this media_id, or no file this address; or its 30 days are over.',
      zh: '该应用没有此 media_id 对应的图片（或该地址没有文件），或图片已超过 30 天。',
    },
    remedy: {
      en: 'Add the image anew and use the media_id of the answer; keep it until the push is out.',
      zh: '重新新增图片并使用返回的 media_id；在推送完成前请勿让图片过期。',
    },
  },
  images_full: {
    dialects: ['jpush'],
    params: ['limit'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The app has as many images as it may have at a time.',
      zh: '该应用未过期的图片数已达上限。',
    },
    remedy: {
      en: 'Change an image that is done with (PUT) instead of adding one, or wait until older ones expire.',
      zh: '用 PUT 更新不再使用的图片，或等待旧图片过期。',
    },
  },
  registration_id_invalid: {
    dialects: ['jpush'],
    params: ['registration_id'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The registration_id is malformed or no device of this app.',
      zh: 'registration_id 格式错误，或不属于该应用。',
    },
    remedy: { en: 'Drop it; the device may have registered anew.', zh: '去掉它；设备可能已重新注册。' },
  },
  registration_ids_invalid: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'Some of the registration_ids are malformed; illegal_rids in the answer lists them.',
      zh: '部分 registration_id 格式错误，响应中的 illegal_rids 列出了它们。',
    },
    remedy: { en: 'Send it again without these.', zh: '去掉这些 ID 后重新发送。' },
  },
} as const satisfies Record<string, Failure>
