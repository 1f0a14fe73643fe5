// The Admin API of the JPush dialect (jpush.md §3.5), and developer accounts wherever they call.
import type { Failure } from '../failure.ts'

export const developerFailures = {
  developer_key_unknown: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'No developer account has this devKey. An app’s or a group’s key is none.',
      zh: '没有开发者账号使用该 devKey。应用或分组的 key 不是 devKey。',
    },
    remedy: {
      en: 'Take the devKey that the operator issued.',
      zh: '使用运维人员发放的 devKey。',
    },
  },
  developer_secret_wrong: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: { en: 'The devSecret is not that of the devKey.', zh: 'devSecret 与 devKey 不匹配。' },
    remedy: {
      en: 'It is shown once, when it is made: have the operator make a new one if it is lost.',
      zh: '密钥只在生成时显示一次；遗失时请运维人员重新生成。',
    },
  },
  developer_not_permitted: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The operator has not granted this developer account the Admin API.',
      zh: '运维人员没有为该开发者账号开通 Admin API。',
    },
    remedy: {
      en: 'Have the operator set admin to true for the account.',
      zh: '请运维人员将该账号的 admin 设为 true。',
    },
  },
  developer_files_denied: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'Files were asked for with a developer account that has no permission for files of groups.',
      zh: '使用没有分组文件权限的开发者账号调用文件接口。',
    },
    remedy: {
      en: 'Have the operator set group_files to true for the account, or use an app’s credentials.',
      zh: '请运维人员将该账号的 group_files 设为 true，或使用应用的凭据。',
    },
  },
  admin_parameter_invalid: {
    dialects: ['jpush'],
    params: ['name'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The value is there and cannot be used; the vendor’s text is that of a missing one. An android_package has two parts or more, joined by dots, and stays what it was when the app was made.',
      zh: '参数存在但不可用，厂商的文本与缺少参数时相同。android_package 至少由两段以点相连，且不能与创建应用时不同。',
    },
    remedy: { en: 'Correct the parameter the text names.', zh: '改正错误文本指出的参数。' },
  },
  certificate_exists: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The app has every certificate of the request already, each in its place.',
      zh: '请求中的证书，该应用都已在对应环境中保存。',
    },
    remedy: { en: 'There is nothing to do.', zh: '无需处理。' },
  },
  certificate_invalid: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'A file is no .p12, its password is wrong, its time is over, it lacks the key, or it is for another bundle id than the app’s. Nothing was kept.',
      zh: '文件不是 .p12、密码错误、证书已过期、缺少私钥，或 bundle id 与应用不符；未保存任何内容。',
    },
    remedy: {
      en: 'Export certificate and key together, and send the password that was given then.',
      zh: '将证书与私钥一同导出为 .p12，并填写导出时设置的密码。',
    },
  },
  admin_app_key_invalid: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The appKey in the path is misshapen, or no app of the developer account’s organisation.',
      zh: '路径中的 appKey 格式错误，或不是该开发者账号所属组织的应用。',
    },
    remedy: { en: 'Use the app_key of POST /v1/app.', zh: '使用 POST /v1/app 返回的 app_key。' },
  },
  certificate_missing: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The form has neither devCertificateFile nor proCertificateFile, or the body is no form.',
      zh: '表单中既没有 devCertificateFile 也没有 proCertificateFile，或请求体不是表单。',
    },
    remedy: {
      en: 'Send multipart/form-data with at least one of them, and its password beside it.',
      zh: '以 multipart/form-data 发送至少一个证书文件及其密码。',
    },
  },
  app_delete_failed: {
    dialects: ['jpush'],
    params: [],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The developer account’s organisation has no app with this appKey; it may have been deleted before.',
      zh: '该开发者账号所属组织没有此 appKey 对应的应用，可能已被删除。',
    },
    remedy: { en: 'Use the app_key of POST /v1/app.', zh: '使用 POST /v1/app 返回的 app_key。' },
  },
  developer_apps_full: {
    dialects: ['jpush'],
    params: ['limit'],
    executed: 'no',
    advice: 'page-a-human',
    cause: {
      en: 'The organisation has as many apps as a developer account may bring it to.',
      zh: '该组织的应用数已达开发者账号可创建的上限。',
    },
    remedy: {
      en: 'Delete apps that are done with, or have the operator raise POSTHOUSE_DEVELOPER_APPS_MAX.',
      zh: '删除不再使用的应用，或请运维人员提高 POSTHOUSE_DEVELOPER_APPS_MAX。',
    },
  },
  developer_exists: {
    dialects: ['neutral'],
    params: ['org', 'name'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The organisation has a developer account of this name.',
      zh: '该组织已有同名的开发者账号。',
    },
    remedy: { en: 'Use that one, or another name.', zh: '使用已有账号，或换一个名称。' },
  },
  developer_unknown: {
    dialects: ['neutral'],
    params: ['org', 'name'],
    executed: 'no',
    advice: 'never',
    cause: {
      en: 'The organisation has no developer account of this name.',
      zh: '该组织没有此名称的开发者账号。',
    },
    remedy: { en: 'GET /admin/v1/developers lists them.', zh: '通过 GET /admin/v1/developers 查看。' },
  },
} as const satisfies Record<string, Failure>
