// Written by `npm run docs` from the catalogue; not edited by hand. One failure a line, with tabs between: its id, cause and
// remedy, both once more in Chinese; then each advice, likewise.
export const failureWords = `active_push_conflict	options.active_push goes neither with message nor with big_push_duration.	Leave one of them out.	options.active_push 不能与 message 或 big_push_duration 同时使用。	去掉其中之一。
admin_absent	The user is no admin of the group or room.	Nothing to do. After an attempt whose outcome was unknown, this means that it succeeded.	该用户不是群组或聊天室的管理员。	无需处理。若上次操作结果未知，则表示当时已成功。
admin_app_key_invalid	The appKey in the path is misshapen, or no app of the developer account’s organisation.	Use the app_key of POST /v1/app.	路径中的 appKey 格式错误，或不是该开发者账号所属组织的应用。	使用 POST /v1/app 返回的 app_key。
admin_parameter_invalid	The value is there and cannot be used; the vendor’s text is that of a missing one. An android_package has two parts or more, joined by dots, and stays what it was when the app was made.	Correct the parameter the text names.	参数存在但不可用，厂商的文本与缺少参数时相同。android_package 至少由两段以点相连，且不能与创建应用时不同。	改正错误文本指出的参数。
admins_too_many	The group or room has as many admins as it may have.	Remove another admin first.	群组或聊天室的管理员数量已达上限。	先移除其他管理员。
alias_full	The alias is bound to as many devices as it may have (10).	Unbind old devices from the alias, or use a tag.	该别名绑定的设备数已达上限（10）。	先解绑旧设备，或改用标签。
announcement_blocked	The announcement holds one of the words that the app’s blocked_words setting lists. The old one stays.	Change the text, or have the operator change the list.	公告包含应用 blocked_words 设置中的词，原公告保持不变。	修改公告内容，或请运维人员修改该列表。
announcement_too_long	The announcement is too long.	Shorten it to the limit in the text.	公告过长。	缩短到错误文本给出的上限以内。
app_blacklisted	The operator has barred this app.	Ask the operator why, and to lift it.	运维人员已将该应用列入黑名单。	联系运维人员了解原因并解除。
app_delete_failed	The developer account’s organisation has no app with this appKey; it may have been deleted before.	Use the app_key of POST /v1/app.	该开发者账号所属组织没有此 appKey 对应的应用，可能已被删除。	使用 POST /v1/app 返回的 app_key。
app_key_illegal	The appKey is not one that can exist.	Take the appKey the operator issued.	appKey 不合法。	使用运维人员发放的 appKey。
app_unknown	There is no app under the organisation and app name in the URL.	Check both names in the base URL, or create the app.	URL 中的组织名和应用名没有对应的应用。	检查 URL 中的这两个名称，或先创建该应用。
attributes_of_app_too_large	The attributes of all users of the app would take more bytes than the server allows.	Delete attributes, or have the operator raise POSTHOUSE_ATTRIBUTE_BYTES_PER_APP_MAX.	该应用全部用户属性的总长度将超过服务器上限。	删除部分属性，或请运维调高 POSTHOUSE_ATTRIBUTE_BYTES_PER_APP_MAX。
attributes_off	User attributes are switched off for this app.	Have the operator set user_attributes of the app to true.	该应用未开启用户属性服务。	请运维将应用的 user_attributes 设为 true。
attributes_too_large	The attributes of the user would take more bytes than one user may have.	Shorten or remove attributes.	该用户的属性总长度将超过单个用户的上限。	缩短或删除部分属性。
audience_empty	No device matches audience and platform together. Nothing was sent.	Check tag, alias or registration_id, and that the devices have registered with this app.	没有设备同时符合 audience 与 platform，未发送任何内容。	检查标签、别名或 registration_id，并确认设备已在该应用注册。
audience_inactive	Every device that matches has not been seen for more than 255 days. Nothing was sent.	Drop these devices; they count again once they connect.	所有符合条件的设备都已超过 255 天未活跃，未发送任何内容。	清理这些设备；它们重新连接后会再次计入。
avatar_too_long	The address of the avatar has more than 1024 characters.	Use a shorter address.	头像地址超过 1024 个字符。	使用更短的地址。
batch_password_conflict	One list of registrations names the same user twice with different passwords.	Name each user once.	批量注册列表中同一用户名出现两次且密码不同。	每个用户名只出现一次。
batch_too_large	A list of registrations has too many entries.	Register at most 60 users in one call.	批量注册的条目过多。	每次最多注册 60 个用户。
binding_invalid	The device to bind to the user is not registered with this app.	Register the device first, and send its registration id as device_token.	要绑定的设备未在该应用下注册。	先注册设备，并以其 registration id 作为 device_token 发送。
block_user_unknown	One of the users to block does not exist in this app. Nobody was blocked.	Leave that name out.	要加入黑名单的用户之一在该应用中不存在，本次未添加任何用户。	去掉该用户名。
blocks_too_many	The user would have more than 500 others blocked.	Lift other blocks first.	该用户的黑名单将超过 500 人。	先移除部分黑名单用户。
body_not_object	The body is JSON, but neither an object nor, where one is documented, a list.	Send a JSON object: {…}.	请求体是 JSON，但类型不对：应为对象（或文档注明的数组）。	发送 JSON 对象：{…}。
body_too_large	The request body has more bytes than this interface takes (5 KB in the Easemob dialect).	Split the work into several smaller requests, for instance fewer receivers in each.	请求体字节数超过该接口的上限（环信方言为 5 KB）。	拆分成多个更小的请求，例如减少每次的接收方数量。
broadcast_limit	The app, which is not a VIP app, has used up its 10 pushes to everybody for today.	Wait for tomorrow, address a tag, or have the operator set vip to true.	该应用并非 VIP 应用，今天的 10 次全量推送已用完。	明天再发、改用标签推送，或请运维人员将 vip 设为 true。
broadcast_off	The app has messages to all chat rooms switched off (its room_broadcast setting).	Have the operator set room_broadcast to true, or name the rooms.	应用关闭了聊天室全局广播（room_broadcast 设置）。	请运维人员将 room_broadcast 设为 true，或逐个指定聊天室。
broadcast_rooms_too_many	The app has more chat rooms than one message to all of them is written into. Nothing was sent.	Send to the rooms by their ids.	应用的聊天室数超过一次全局广播的上限，没有发送任何消息。	按 ID 向聊天室发送。
certificate_exists	The app has every certificate of the request already, each in its place.	There is nothing to do.	请求中的证书，该应用都已在对应环境中保存。	无需处理。
certificate_invalid	A file is no .p12, its password is wrong, its time is over, it lacks the key, or it is for another bundle id than the app’s. Nothing was kept.	Export certificate and key together, and send the password that was given then.	文件不是 .p12、密码错误、证书已过期、缺少私钥，或 bundle id 与应用不符；未保存任何内容。	将证书与私钥一同导出为 .p12，并填写导出时设置的密码。
certificate_missing	The form has neither devCertificateFile nor proCertificateFile, or the body is no form.	Send multipart/form-data with at least one of them, and its password beside it.	表单中既没有 devCertificateFile 也没有 proCertificateFile，或请求体不是表单。	以 multipart/form-data 发送至少一个证书文件及其密码。
cid_invalid	The cid has not the form {appKey}-{uuid} with the appKey of the caller.	Take a cid from GET /v3/push/cid.	cid 不符合 {appKey}-{uuid} 格式，或 appKey 与调用方不一致。	通过 GET /v3/push/cid 获取 cid。
client_id_unknown	The client_id is not that of this app.	Take client_id and client_secret of the app in the URL.	client_id 不属于该应用。	使用 URL 所指应用的 client_id 与 client_secret。
client_secret_wrong	The client_secret does not belong to the client_id.	Check the secret, or have it issued anew.	client_secret 与 client_id 不匹配。	核对密钥，或重新签发。
contact_absent	The two users are no contacts, or there is no invitation to answer.	Fetch the list of contacts anew.	两个用户不是好友，或没有可处理的好友申请。	重新获取好友列表。
contacts_too_many	One of the two users has as many contacts as the server allows.	Remove contacts first, or have the operator raise POSTHOUSE_CONTACTS_PER_USER_MAX.	两个用户之一的好友数已达服务器上限。	先删除部分好友，或请运维调高 POSTHOUSE_CONTACTS_PER_USER_MAX。
core_deadline_passed	The core could not finish the work within its own deadline and gave up.	Wait for Retry-After and repeat under the same key.	核心未能在自身时限内完成处理，已放弃。	等待 Retry-After 后用同一个键重试。
core_draining	The server is shutting down: it finishes what it accepted and takes nothing new.	Wait for Retry-After and repeat on a new connection.	服务器正在关闭：只完成已接受的请求，不再接受新请求。	等待 Retry-After 后在新连接上重试。
core_gone	The gateway is up, but the core behind it is down, restarting or answered something unreadable.	Repeat in a moment under the same key; the core is restarted by itself. Alert if it lasts.	网关正常，但其后的核心已停止、正在重启，或返回了无法识别的内容。	稍后用同一个键重试；核心会自动重启。若持续不恢复应报警。
core_overloaded	More work is waiting than the server can do in time, so it turned this request away untouched.	Wait for Retry-After and repeat; send fewer requests at a time.	等待处理的请求超过服务器能力，本请求未被处理即被拒绝。	等待 Retry-After 后重试，并降低并发。
core_silent	The core is there, but did not answer within the deadline. The work may still be done.	Repeat only under the same key, otherwise look first whether it took effect.	核心仍在运行，但未在网关的时限内应答。该操作之后仍可能完成。	只用同一个键重试，否则应先查询操作是否已生效。
credentials_missing	There is no Basic Authorization header, or one of its two halves is empty.	Send Authorization: Basic base64(appKey:masterSecret); the Admin API wants base64(devKey:devSecret).	没有 Basic Authorization 请求头，或其中一半为空。	发送 Authorization: Basic base64(appKey:masterSecret)；应用管理接口用 base64(devKey:devSecret)。
credentials_wrong	The appKey is unknown or the secret does not belong to it.	Compare both with what the operator issued; mind blanks and which app they are for.	appKey 不存在，或密钥与其不匹配。	与运维人员发放的值核对，注意空格以及是否属于该应用。
description_too_long	The description of the group or room is too long.	Shorten it to the limit in the text.	群组或聊天室描述过长。	缩短到错误文本给出的上限以内。
developer_apps_full	The organisation has as many apps as a developer account may bring it to.	Delete apps that are done with, or have the operator raise POSTHOUSE_DEVELOPER_APPS_MAX.	该组织的应用数已达开发者账号可创建的上限。	删除不再使用的应用，或请运维人员提高 POSTHOUSE_DEVELOPER_APPS_MAX。
developer_files_denied	Files were asked for with a developer account that has no permission for files of groups.	Have the operator set group_files to true for the account, or use an app’s credentials.	使用没有分组文件权限的开发者账号调用文件接口。	请运维人员将该账号的 group_files 设为 true，或使用应用的凭据。
developer_key_unknown	No developer account has this devKey. An app’s or a group’s key is none.	Take the devKey that the operator issued.	没有开发者账号使用该 devKey。应用或分组的 key 不是 devKey。	使用运维人员发放的 devKey。
developer_not_permitted	The operator has not granted this developer account the Admin API.	Have the operator set admin to true for the account.	运维人员没有为该开发者账号开通 Admin API。	请运维人员将该账号的 admin 设为 true。
developer_secret_wrong	The devSecret is not that of the devKey.	It is shown once, when it is made: have the operator make a new one if it is lost.	devSecret 与 devKey 不匹配。	密钥只在生成时显示一次；遗失时请运维人员重新生成。
device_parameter_invalid	A registration_id, tag, alias or member of the body is malformed, unknown or over a limit.	Correct what the text names.	registration_id、标签、别名或请求体成员格式错误、不存在或超出上限。	改正错误文本指出的内容。
device_parameters_invalid	Some entries of a list are malformed or unknown; illegal_rids names them. Nothing was changed.	Send it again without these.	列表中部分条目格式错误或不存在，illegal_rids 列出了它们；未做任何更改。	去掉这些条目后重新发送。
edit_forbidden	Somebody else has sent the message.	Name the sender of the message.	消息由其他用户发送。	填写该消息的发送方。
edit_message_unknown	There is no such message: never sent, recalled, or too old to be kept.	Check the id.	消息不存在：从未发送、已撤回或已过期。	检查消息 ID。
edit_not_text	The message, or what is to take its place, is no text.	Send a new message instead.	原消息或新内容不是文本消息。	改为发送新消息。
edit_off	In this app no message can be edited.	Have the operator set message_edit of the app to true.	该应用未开启消息修改。	请运维将应用的 message_edit 设为 true。
edits_too_many	The message has been changed ten times.	Send a new message instead.	该消息已修改 10 次。	改为发送新消息。
expectation_unknown	The Expect header asks for something other than 100-continue.	Leave the Expect header out.	请求头 Expect 的值不是 100-continue。	去掉 Expect 请求头。
export_empty	Nobody sent a message in that hour.	Go on with the next hour.	该小时内没有消息。	继续查询下一个小时。
export_hour_malformed	The path does not end with an hour of ten digits, or there is no such hour.	Ask for yyyyMMddHH, in UTC.	路径末尾不是 10 位数字的小时，或该小时不存在。	使用 yyyyMMddHH 格式（UTC）。
export_link_invalid	The address of the export has run out, or is none that this server has given.	Ask for a new address.	下载地址已过期，或不是本服务器签发的。	重新获取下载地址。
export_unstored	The hour is not over yet, or its messages are kept no longer.	Ask for an hour that is over.	该小时尚未结束，或其消息已过保存期。	查询已结束且未过期的小时。
ext_not_object	ext is null or no JSON object.	Send an object, or leave ext out.	ext 为 null 或不是 JSON 对象。	发送 JSON 对象，或不传 ext。
field_invalid	A member of the body has the wrong type or a value out of range.	Correct the member the text names.	请求体中某字段类型错误或取值超出范围。	改正错误文本指出的字段。
field_missing	A required member of the body is missing.	Send the member the text names.	请求体缺少必需字段。	补上错误文本指出的字段。
fields_unknown	The update names fields that cannot be changed.	Send only the fields that are documented for the update.	修改请求包含不可修改的字段。	只发送文档允许修改的字段。
file_expired	The file is past the time for which files of messages are kept (7 days unless set otherwise).	Ask the sender to send it again; download files soon after their message came.	文件已超过消息附件的保存期限（默认 7 天）。	请发送方重新发送；收到消息后应尽早下载附件。
file_forbidden	The user is no member of the group or room, or wants to delete a file that somebody else shared.	Join first; leave the deletion to whoever shared the file, the owner, an admin or the app server.	该用户不是群组或聊天室成员，或试图删除他人共享的文件。	先加入群组；删除应由上传者、群主、管理员或应用服务器执行。
file_missing	The upload has no part named file, or that part is empty and has no file name.	Send multipart/form-data with the content in a part named file.	上传请求中没有名为 file 的部分，或该部分为空且没有文件名。	以 multipart/form-data 发送，文件内容放在名为 file 的部分中。
file_secret_wrong	The file is restricted, and the share-secret is missing or is not the one of this file.	Send the share-secret that came with the upload or the message, as a header or in the query.	该文件限制访问，而 share-secret 缺失或与该文件不符。	在请求头或查询参数中发送上传结果或消息中附带的 share-secret。
file_too_large	The uploaded file has more than 10 MB. Nothing of it was kept.	Send a smaller file: compress it, or scale the picture down.	上传的文件超过 10 MB，没有保存任何内容。	上传更小的文件：压缩文件或缩小图片。
file_unknown	The file in the path does not exist in this app, or not in this group.	Check the id; the file may have been deleted, or have expired long ago.	路径中的文件在该应用（或该群组）中不存在。	检查文件 ID；文件可能已被删除，或早已过期。
from_empty	The sender is given, but empty.	Name the sender, or leave from out to send as admin.	from 存在但为空字符串。	填写发送者，或不传 from（默认为 admin）。
full_text_index_missing	The ql query uses contains on a property that has no full-text index, such as username.	Compare with =, or use contains on a property of your own. Do not retry in spite of the 500.	ql 查询对没有全文索引的属性（如 username）使用了 contains。	改用 =，或只对自定义属性使用 contains。虽然状态码为 500，但不要重试。
grant_invalid	The token request names no known grant_type, or lacks user name, password or client credentials.	Send grant_type client_credentials, password or inherit with its fields.	获取 token 的请求中 grant_type 缺失或未知，或缺少用户名、密码、client 凭据。	发送 grant_type 为 client_credentials、password 或 inherit 及其对应字段。
grant_password_wrong	The password is wrong. The seed edition says the same for an unknown user.	Ask the user again, or reset the password.	密码错误。seed 版对用户不存在使用相同的应答。	让用户重新输入，或重置密码。
grant_user_unknown	No user of this name exists in the app. The seed edition says the same for a wrong password.	Check the name, or register the user first.	应用中没有该用户名。seed 版对密码错误使用相同的应答。	检查用户名，或先注册该用户。
group_details_unknown	None of the groups or rooms whose details were asked for exists.	Check the ids; they may have been deleted.	查询详情的群组或聊天室全部不存在。	检查 ID；它们可能已被删除。
group_files_too_many	The group or room has as many shared files as it may have.	Delete shared files that nobody needs any more.	该群组或聊天室的共享文件数量已达上限。	删除不再需要的共享文件。
group_full	The members would be more than maxusers allows.	Raise maxusers or add fewer members.	成员数将超过 maxusers。	提高 maxusers，或减少加入的人数。
group_id_exists	The group id asked for is taken.	Choose another, or leave groupid out.	指定的群组 ID 已被占用。	换一个，或不传 groupid。
group_name_blocked	The name of the group or room holds one of the words that the app’s blocked_words setting lists.	Choose another name, or have the operator change the list.	群组或聊天室的名称包含应用 blocked_words 设置中的词。	更换名称，或请运维人员修改该列表。
group_request_absent	The user has not asked to join, or was not invited; or it has been answered already.	Ask or invite again.	该用户没有申请入群或没有收到邀请，或已被处理。	重新申请或重新邀请。
group_right_missing	The user has not the right to do this: it is for the owner, for administrators, or for the user itself.	Call with the token of the owner or of an administrator, or with that of the app.	该用户无权执行此操作：只有群主、管理员或用户本人可以执行。	使用群主、管理员或应用的 token 调用。
group_unknown	The group or room in the path does not exist in this app.	Check the id; it may have been deleted.	路径中的群组或聊天室在该应用中不存在。	检查 ID；它可能已被删除。
groups_too_many	The app has as many groups or rooms as it may have.	Delete unused ones or have the limit raised.	应用的群组或聊天室数量已达上限。	删除不用的，或请运维人员提高上限。
head_too_large	The request line or the headers are too long, or there are too many headers.	Shorten the URL, drop cookies and headers that are not needed; move long lists into the body.	请求行或请求头过长，或请求头数量过多。	缩短 URL，去掉不需要的 Cookie 和请求头，把长列表放进请求体。
header_repeated	A header that may occur once, such as Authorization or Content-Type, occurs twice.	Send the header once; look for a proxy that adds its own.	只能出现一次的请求头（如 Authorization、Content-Type）出现了多次。	只发送一次该请求头；检查代理是否又添加了一个。
host_invalid	The Host header is missing, repeated, empty or no host name.	Send exactly one valid Host header.	请求头 Host 缺失、重复、为空或不是合法主机名。	发送且仅发送一个合法的 Host 请求头。
http_malformed	The bytes on the connection are no well-formed HTTP/1.1 request; the framing cannot be trusted.	Check the client and any proxy between: content length, chunks, header syntax, TLS on a plain port.	连接上的字节不是格式正确的 HTTP/1.1 请求，无法确定消息边界。	检查 HTTP 客户端及中间代理：内容长度、分块、请求头语法，以及是否对明文端口使用了 TLS。
http_version_unsupported	The request line names an HTTP version other than 1.0 or 1.1.	Speak HTTP/1.1, or put a proxy in front that translates.	请求行中的 HTTP 版本不是 1.0 或 1.1。	使用 HTTP/1.1，或在前面部署可转换协议的代理。
https_required	The server is set to take this interface over HTTPS only, and the request came in plain HTTP.	Use an https:// base URL.	服务器要求此接口只能通过 HTTPS 访问，而请求使用了 HTTP。	使用 https:// 开头的地址。
idempotency_key_in_flight	A request under the same Idempotency-Key is still being carried out.	Wait a second and repeat under the same key.	使用同一 Idempotency-Key 的请求仍在执行中。	等待一秒后用同一个键重试。
idempotency_key_invalid	The Idempotency-Key header is empty, longer than 255 characters or not printable ASCII.	Use a random UUID as the key.	请求头 Idempotency-Key 为空、超过 255 个字符或含不可打印字符。	使用随机 UUID 作为键。
idempotency_key_reused	The Idempotency-Key was used within the last day for a request with another content.	Take a new key for every new piece of work and keep it only for repeats of that work.	该 Idempotency-Key 在一天内已用于内容不同的请求。	每项新工作使用新的键，只在重试同一工作时复用。
image_unknown	No image of this app has this media_id, or no file this address; or its 30 days are over.	Add the image anew and use the media_id of the answer; keep it until the push is out.	该应用没有此 media_id 对应的图片（或该地址没有文件），或图片已超过 30 天。	重新新增图片并使用返回的 media_id；在推送完成前请勿让图片过期。
images_full	The app has as many images as it may have at a time.	Change an image that is done with (PUT) instead of adding one, or wait until older ones expire.	该应用未过期的图片数已达上限。	用 PUT 更新不再使用的图片，或等待旧图片过期。
import_time_invalid	msg_timestamp is no moment in milliseconds, is still to come, or is older than messages are kept.	Send when the message was sent, in ms.	msg_timestamp 不是毫秒时间戳，晚于当前时间，或早于消息保存期。	填写消息发送时间（毫秒）。
index_missing	The ql query orders or compares by a property that has no index.	Use =, or order by created or modified. Do not retry in spite of the 500.	ql 查询对没有索引的属性排序或比较大小。	改用 =，或按 created、modified 排序。虽然状态码为 500，但不要重试。
inherit_conflict	Another call with autoCreateUser was creating the same user.	Wait a second and repeat.	另一个带 autoCreateUser 的调用正在创建同一用户。	等待一秒后重试。
inherit_user_unknown	A token was asked for a user who does not exist, and autoCreateUser is not true.	Register the user, or send autoCreateUser: true.	为不存在的用户申请 token，且 autoCreateUser 不为 true。	先注册用户，或传 autoCreateUser: true。
internal	An unexpected error inside the server. The request id leads to it in the server log.	Repeat only under the same cid or Idempotency-Key; else give the request id to the operator.	服务器内部发生意外错误。可用响应中的请求 ID 在服务器日志中定位。	只在使用相同 cid 或 Idempotency-Key 时重试；若持续出现，请把请求 ID 交给运维人员。
invalid_request	The body has the wrong structure: a member of the wrong type, or one that must be there is not.	Compare the body with the example of the interface.	请求体结构不正确：成员类型不对，或缺少必需的成员。	对照接口示例检查请求体。
ip_not_allowed	The app has an IP allow-list, and a call with the app’s own credentials came from an address that is not on it.	Call from a listed address or add this one to ip_allowlist.	应用设置了 IP 白名单，而使用应用自身凭据的调用来自名单之外的地址。	从白名单内的地址调用，或把该地址加入 ip_allowlist。
json_malformed	The body is not well-formed JSON. The text says what was found and where.	Build the body with a JSON library, not by joining strings; check that it is UTF-8 and complete.	请求体不是格式正确的 JSON。错误文本给出了出错内容和位置。	使用 JSON 库生成请求体，不要手工拼接字符串；确认编码为 UTF-8 且内容完整。
json_value_invalid	The JSON is well-formed, but a value in it cannot be kept: a number out of range, U+0000 in a name.	Send ids as strings and keep numbers within 64 bits.	JSON 格式正确，但包含无法保存的值：数字超出范围、名称中含 U+0000 等。	以字符串形式发送 ID，数字保持在 64 位以内。
maxusers_below_count	The new maxusers is smaller than the number of members.	Remove members first, or choose a larger number.	新的 maxusers 小于当前成员数。	先移除成员，或设置更大的值。
maxusers_too_large	maxusers is above what a group or room may hold.	Stay within the limit in the text.	maxusers 超过群组或聊天室的容量上限。	不要超过错误文本给出的上限。
media_type_unsupported	The body is not what this interface reads (JSON, or a form with a file), or it is compressed.	Send a JSON body in UTF-8, uncompressed, as application/json; a file to upload as multipart/form-data.	请求体不是该接口所读取的类型（JSON，或带文件的表单），或经过压缩。	以 UTF-8、未压缩的 JSON 发送请求体，类型为 application/json；上传文件用 multipart/form-data。
member_absent	The user to remove or to mute is no member.	Nothing to do. After an attempt whose outcome was unknown, this means that it succeeded.	待移除或禁言的用户不是成员。	无需处理。若上次操作结果未知，则表示当时已成功。
member_already	The user to add is a member already.	Nothing to do. After an attempt whose outcome was unknown, this means that it succeeded.	待加入的用户已经是成员。	无需处理。若上次操作结果未知，则表示当时已成功。
member_attributes_conflict	The attributes of the member were being changed by another call.	Wait a second and repeat.	该成员的属性正被另一个调用修改。	等待一秒后重试。
member_attributes_too_large	A name or value of the member’s attributes, or all of them together, is too long. Nothing was changed.	Keep names to 16 characters, values to 512, all of one member to 4096.	群成员属性的键、值或总长度超过上限，没有任何修改。	键不超过 16 个字符，值不超过 512 个字符，单个成员合计不超过 4096 个字符。
member_blocked	The group or room bars the user: it can neither join nor be added.	Take the user off the list of the barred first.	该用户在群组或聊天室的黑名单中，不能加入，也不能被加入。	先将该用户移出黑名单。
member_unknown	One of the members to add is no user of this app. Nobody was added.	Register the named user or leave it out.	待加入的成员中有一个不是该应用的用户，没有任何人被加入。	先注册该用户，或将其去掉。
members_too_many_to_add	More members are to be added than one call may add.	Add at most 60 in one call.	一次加入的成员数超过上限。	每次最多加入 60 人。
members_too_many_to_block	More users are to be barred or to be allowed to speak than one call may name.	Name at most 60 in one call.	一次加入黑名单或白名单的用户数超过上限。	每次最多 60 人。
members_too_many_to_kick	More members are to be removed than one call may remove.	Remove at most 60 in one call.	一次移除的成员数超过上限。	每次最多移除 60 人。
members_too_many_to_mute	More members are to be muted than one call may mute.	Mute at most 60 in one call.	一次禁言的成员数超过上限。	每次最多禁言 60 人。
members_too_many_to_unblock	More users are to be taken off the list of the barred or of the allowed than one call may name.	Name at most 60 in one call.	一次移出黑名单或白名单的用户数超过上限。	每次最多 60 人。
members_too_many_to_unmute	The mutes of more members are to be lifted than one call may lift.	Name at most 60 in one call.	一次解除禁言的成员数超过上限。	每次最多 60 人。
message_body_invalid	The message has an unknown type, or its body lacks what the type needs.	Send a documented type with its members, for instance txt with msg.	消息类型未知，或消息体缺少该类型所需的内容。	发送文档中的类型及其成员，例如 txt 及其 msg。
message_rate_reached	The app has used up its messages_per_minute; each receiver counts as a message.	Wait for Retry-After; spread large sends.	应用本分钟发送的消息数已达 messages_per_minute 上限；每个接收方计一条。	等待 Retry-After；把大批量发送分散开。
message_too_large	Content and ext of the message together are too long.	Send the bulk as a file and its address in the message.	消息内容与扩展字段合计过长。	把大内容作为文件上传，消息中只放地址。
metadata_group_unknown	The group whose members’ attributes were asked for does not exist in this app.	Check the id; it may have been deleted.	成员属性所属的群组在该应用中不存在。	检查 ID；它可能已被删除。
method_not_allowed	The path exists, but not for this request method.	Use one of the methods in the Allow header of the answer.	该路径存在，但不支持此请求方法。	改用响应头 Allow 中列出的方法。
method_unknown	The request method is none that this server knows.	Send GET, POST, PUT or DELETE, in capital letters.	服务器无法识别此请求方法。	使用大写的 GET、POST、PUT 或 DELETE。
msg_ids_missing	A report was asked for without msg_ids.	Add msg_ids=id1,id2 to the query, at most 100.	查询统计时没有提供 msg_ids。	在查询中加上 msg_ids=id1,id2，最多 100 个。
name_too_long	The name of the group or room is too long.	Shorten it to the limit in the text.	群组或聊天室名称过长。	缩短到错误文本给出的上限以内。
new_owner_absent	The user who is to become the owner is no member.	Add the user first, then hand over.	新群主不是该群成员。	先把该用户加入，再转让。
new_owner_same	The user is the owner already.	Nothing to do.	该用户已经是群主。	无需处理。
newpassword_missing	The body of a password change has no newpassword, or an empty one.	Send {"newpassword": "…"}; the key is all lower case.	修改密码的请求体没有 newpassword，或其值为空。	发送 {"newpassword": "…"}，键名全小写。
nickname_too_long	The nickname has more than 100 characters.	Shorten it.	昵称超过 100 个字符。	缩短昵称。
node_rate_limited	The whole server node takes no more requests at the moment, whoever sends them.	Wait for Retry-After and repeat; the operator may add a node.	整个服务器节点暂时达到请求上限，与调用方无关。	等待 Retry-After 后重试；运维人员可增加节点。
not_entitled	The interface is for what the vendor’s console makes: templates, vendor quotas, push plans, test devices; no app here has it. Or a group was pushed to with a file whose developer account may not have files of groups any more.	Push with POST /v3/push; for files of groups have the operator set group_files to true for the account.	该接口用于极光控制台创建的内容：模板、厂商配额、推送计划、测试设备，本服务器的应用均无此权限。或以文件推送分组时，文件所属的开发者账号已没有分组文件权限。	使用 POST /v3/push 推送；分组文件推送请运维人员将该账号的 group_files 设为 true。
not_vip	The interface is for VIP apps, and the vip setting of this app is off.	Have the operator set vip to true.	该接口仅限 VIP 应用，而本应用的 vip 设置未开启。	请运维人员将 vip 设为 true。
oldpassword_missing	A user changes its own password and did not send the old one.	Add oldpassword, or call with the app token.	用户修改自己的密码时没有提供旧密码。	增加 oldpassword，或使用 App Token 调用。
oldpassword_wrong	The old password is wrong.	Ask the user again, or call with the app token.	旧密码错误。	让用户重新输入，或使用 App Token 调用。
override_invalid	override_msg_id names no push of this app from the last day. The new push was not sent.	Leave override_msg_id out to send it as a new push.	override_msg_id 不是该应用一天内的推送，新推送未发送。	去掉 override_msg_id，作为新推送发送。
owner_protected	The owner cannot be removed from its own group or room.	Hand over the ownership first, or delete the group.	不能把群主移出其自己的群组或聊天室。	先转让群主，或解散群组。
owner_unknown	The owner named is no user of this app.	Register the owner first.	指定的群主不是该应用的用户。	先注册该群主用户。
param_empty	A required member of the message is missing or empty.	Send the member the text names.	消息中的必需参数缺失或为空。	补上错误文本指出的参数。
parameter_invalid	A value has the wrong type, form or range; the text says which.	Correct the value the text names.	某个值的类型、格式或范围不合法，错误文本指出具体原因。	改正错误文本指出的值。
parameter_missing	A required member of the push is missing.	Send platform, audience and at least one of notification and message, each with what it needs.	推送请求缺少必需的参数。	提供 platform、audience，以及 notification 或 message 至少其一，并补全各自必需的内容。
password_missing	A user to register has no password, or an empty one.	Send password as a string that is not empty.	注册请求中没有密码，或密码为空字符串。	以非空字符串发送 password。
password_too_long	The password has more than 64 characters.	Use a shorter one.	密码超过 64 个字符。	使用更短的密码。
password_user_unknown	The user whose password is to change does not exist.	Check the name; register the user first.	要修改密码的用户不存在。	检查用户名，或先注册该用户。
path_unknown	The path of the URL is no interface of this server.	Compare the path with the interface list: spelling, letter case, version prefix.	URL 路径不是本服务器提供的接口。	对照接口列表检查路径：拼写、大小写、版本前缀。
presence_ext_missing	The presence to publish has no ext, or one that is no string.	Send ext as a string; it may be empty.	发布的在线状态没有 ext，或 ext 不是字符串。	以字符串发送 ext，可以为空。
presence_ext_too_big	The ext of the presence is longer than 64 bytes (edition live: 1024).	Shorten it.	在线状态的 ext 超过 64 字节（live 版为 1024 字节）。	缩短 ext。
presence_failed	The status to publish is no whole number from 0 to 999.	Send the status as a whole number: 0 = offline, 1 = online, others as the app means them.	要发布的状态不是 0 到 999 的整数。	以整数发送状态：0 为离线，1 为在线，其他由应用定义。
presence_of_oneself	A user would subscribe to its own presence.	Leave the user itself out.	用户不能订阅自己的在线状态。	去掉用户自己。
presence_off	Presence is switched off for this app.	Have the operator set presence of the app to true.	该应用未开启在线状态订阅服务。	请运维将应用的 presence 设为 true。
presence_pages_too_large	A page of subscriptions was to have more than 500 entries.	Ask for smaller pages.	订阅列表每页超过 500 条。	减小每页数量。
presence_queries_too_many	More than 100 users were asked for at once.	Ask in several calls.	单次查询超过 100 个用户。	分多次查询。
presence_resource_unknown	The user has never logged in from a device with this resource.	Use the resource that the client has logged in with.	该用户从未以此 resource 的设备登录过。	使用客户端登录时的 resource。
presence_subscriptions_too_many	More than 100 users were to be subscribed to at once, or more than 3000 altogether.	Subscribe to fewer users a call, and end subscriptions that are not needed.	单次订阅超过 100 个用户，或总订阅数超过 3000。	减少每次订阅的用户数，并取消不再需要的订阅。
presence_unsubscriptions_too_many	More than 100 subscriptions were to end at once.	End them in several calls.	单次取消订阅超过 100 个用户。	分多次取消。
presence_usernames_empty	No users are named.	Name one user at least.	未提供任何用户名。	至少提供一个用户名。
public_missing	A new group does not say whether it is public.	Send public as true or false.	创建群组时没有提供 public。	将 public 设为 true 或 false。
push_file_unknown	No file of this app has this id, or its time is over.	Upload the file and use the file_id of the answer; keep it until the push is out.	该应用没有此 file_id 对应的文件，或文件已过期。	上传文件并使用返回的 file_id；在推送完成前保留该文件。
push_files_full	The app has as many files as it may have at a time.	Delete one that is done with.	该应用未过期的文件数已达上限。	删除不再使用的文件。
push_over_limit	The app has as many pushes of fixed speed (big_push_duration) under way as it may have.	Wait until one is out, withdraw one, or send this one without big_push_duration.	该应用正在进行的定速推送（big_push_duration）已达上限。	等待其中一个完成或撤回一个，或去掉 big_push_duration 发送。
push_too_big	One platform’s content is too long (bytes: Android 4000, iOS 2000, iOS message 4000, winphone 1000).	Shorten it, counting UTF-8 bytes (a Chinese character is 3); let the app fetch the rest.	某平台的内容过长：Android 4000 字节、iOS 通知 2000、iOS 消息 4000、winphone 1000。	按 UTF-8 字节数（汉字占 3）缩短内容，其余由客户端自行拉取。
push_too_old	The push to withdraw is more than a day old.	Withdraw within a day of sending.	要撤回的推送已超过一天。	请在推送后一天内撤回。
push_unknown	The msg_id to withdraw is no push of this app.	Use the msg_id that the push was answered with.	要撤回的 msg_id 不是该应用的推送。	使用推送成功时返回的 msg_id。
query_invalid	A query parameter is repeated, has no readable value, or there are too many parameters.	Send the named parameter once, with a plain value.	查询参数重复、值不可读，或参数数量过多。	该参数只发送一次，并使用普通的值。
query_order_by_split	In the ql query, order and by are not separated by exactly one blank.	Write order by with one blank.	ql 查询中 order 与 by 之间不是恰好一个空格。	写成 order by，中间只留一个空格。
query_parse	The ql query breaks the grammar at the named token; the column counts tokens, not characters.	Write it as: select * where username = 'name' order by created.	ql 查询在所示记号处不符合语法；column 按记号而非字符计数。	按此形式书写：select * where username = 'name' order by created。
query_sort_repeated	The ql query orders by the same property twice.	Name each property once in order by.	ql 查询对同一属性排序了两次。	order by 中每个属性只写一次。
query_string_open	A quoted value in the ql query is not closed.	Close the quote; write a quote inside a value as \\'.	ql 查询中的引号没有闭合。	补上引号；值内的引号写作 \\'。
query_token	The ql query holds a character the language does not have.	Put values in single quotes and percent-encode the query.	ql 查询含有该语言不支持的字符。	值用单引号括起，并对查询做百分号编码。
range_unsatisfiable	The Range header asks for bytes beyond the end of the file.	Look at Content-Range in the answer: it says how long the file is.	请求头 Range 所要的字节超出文件末尾。	查看响应头 Content-Range，其中给出了文件长度。
rate_limited	The caller sent more requests than its quota allows in this span of time.	Wait for Retry-After; spread the calls or have the operator raise the limit of the app.	调用方在该时间段内的请求数超过了配额。	等待 Retry-After；加大调用间隔，或请运维人员提高该应用的限额。
reaction_exists	The user has put this reaction on the message already.	Nothing is to be done.	用户已对该消息添加过此表情。	无需处理。
reaction_forbidden	The message is between others, the other user has blocked this one, or the reaction is not there to be removed.	Act as a user of the conversation; remove what this user has added.	用户不是该单聊消息的收发方、已被对方拉黑，或并未添加过要删除的表情。	以会话中的用户操作；只能删除自己添加的表情。
reaction_group_missing	Reactions to messages of a group were asked for without saying which group.	Send groupId.	查询群聊消息的表情时未指定群组。	传入 groupId。
reaction_message_unknown	There is no such message, or it is one that takes no reactions: of a room, or for some members only.	Name a message between two users or of a group that was not recalled.	消息不存在，或不支持表情回复（聊天室消息、群定向消息）。	填写未撤回的单聊或群聊消息 ID。
reaction_no_member	The user is not in the group of the message.	Join it first.	用户不在消息所属的群组中。	先加入群组。
reactions_off	In this app there are no reactions to messages.	Have the operator set reactions of the app to true.	该应用未开启消息表情回复。	请运维将应用的 reactions 设为 true。
reactions_too_many	The message has 20 different reactions.	Choose one that is there.	该消息已有 20 种不同的表情。	使用已有的表情。
recall_message_unknown	There is no such message: never sent, recalled before, or too old to be kept.	Check the id; a recall need not be repeated.	消息不存在：从未发送、已撤回或已过期。	检查消息 ID；撤回无需重复。
recall_off	In this app no message can be recalled.	Have the operator set message_recall of the app to true.	该应用未开启消息撤回。	请运维将应用的 message_recall 设为 true。
recall_param_empty	A member that says which message to recall is missing, or none of the values it can have.	Send the member the text names.	撤回消息的必需参数缺失或取值不合法。	补上错误文本指出的参数。
recall_receiver_wrong	The message went to another receiver than the call says.	Name the receiver and kind of the message.	该消息的接收方与请求中的 to 或 chat_type 不符。	填写该消息的接收方与会话类型。
recall_too_late	The message was sent more than two minutes ago.	The app’s server can recall it with force.	消息发送已超过 2 分钟。	由应用服务器以 force 参数撤回。
registration_closed	The app takes registrations only with its own token, and this one came without.	Register through the app server with the app token, or set the app to open registration.	应用为授权注册模式，而注册请求没有携带 App Token。	由应用服务器携带 App Token 注册，或把应用设为开放注册。
registration_id_invalid	The registration_id is malformed or no device of this app.	Drop it; the device may have registered anew.	registration_id 格式错误，或不属于该应用。	去掉它；设备可能已重新注册。
registration_ids_invalid	Some of the registration_ids are malformed; illegal_rids in the answer lists them.	Send it again without these.	部分 registration_id 格式错误，响应中的 illegal_rids 列出了它们。	去掉这些 ID 后重新发送。
report_parameter_invalid	A parameter of a report has a value that cannot be used; the text says which.	Correct the parameter the text names.	统计接口的某个参数值不可用，错误文本指出具体原因。	改正错误文本指出的参数。
request_timeout	The request did not arrive completely in the time allowed. It was not carried out.	Repeat it on a new connection; check that Content-Length is not more than what is sent.	请求未在规定时间内完整到达服务器，因此没有被执行。	在新连接上重试；检查网络，并确认 Content-Length 不大于实际发送的字节数。
retired	The interface was taken out of service; the text says what replaces it.	Move to the interface the notice names. /v2 was replaced by /v3.	该接口已下线，错误文本说明了替代方案。	迁移到公告中指出的接口。/v2 已由 /v3 取代。
roaming_no_member	The user is not in the group or room whose messages it asks for.	Join it first.	用户不在所查询的群组或聊天室中。	先加入群组或聊天室。
roaming_off	In this app nobody reads earlier messages again.	Have the operator set message_roaming of the app to true.	该应用未开启消息漫游。	请运维将应用的 message_roaming 设为 true。
role_member_absent	The user who is to become an admin, to be barred or to be allowed to speak is no member.	Fetch the list of members anew.	要设为管理员、加入黑名单或白名单的用户不是成员。	重新获取成员列表。
room_attributes_too_many	More attributes of a room are to be set or removed than one call may name.	Name at most 10 in one call.	一次设置或删除的聊天室属性数超过上限。	每次最多 10 个。
room_name_missing	A new chat room has no name.	Send name.	创建聊天室时没有提供名称。	发送 name。
schedule_invalid	The schedule, or the change to it, is not valid, its time is over, or the app has as many as it may; the text says which.	Correct what the text names: name, enabled, one trigger, and a push that is complete in itself.	定时任务或其修改不合法、时间已过，或任务数已达上限，错误文本指出具体原因。	按错误文本修正：name、enabled、唯一的 trigger，以及完整合法的 push。
schedule_unknown	No schedule of this app has this id; those whose last run is over count as gone.	Take the schedule_id from the answer to its creation, or from GET /v3/schedules.	该应用没有此 ID 的定时任务；最后一次执行已结束的任务视为不存在。	使用创建任务时返回的 schedule_id，或通过 GET /v3/schedules 查询。
single_member_unknown	The user to add is no user of this app.	Register the user first.	待加入的用户不是该应用的用户。	先注册该用户。
status_batch_too_large	The online state of more than 100 users was asked for at once.	Ask for at most 100 users in one call.	一次查询了超过 100 个用户的在线状态。	每次最多查询 100 个用户。
store_unavailable	The database cannot be written: disk full, read-only or damaged.	The operator has to free or repair the storage; then repeat under the same key.	数据库无法写入：磁盘已满、只读或损坏。	需要运维人员释放或修复存储，之后用同一个键重试。
target_invalid	The target cannot be read: broken percent-encoding, raw non-ASCII bytes, dot segments, a fragment.	Percent-encode every path segment and query value as UTF-8.	请求目标无法解析：百分号编码错误、含原始非 ASCII 字节、点路径段或片段标识。	将每个路径段和查询参数值按 UTF-8 做百分号编码。
target_type_invalid	target_type is missing or none of the three kinds.	Send users, chatgroups or chatrooms.	target_type 缺失或不是三种类型之一。	发送 users、chatgroups 或 chatrooms。
targets_too_many	The message names more receivers than one call may have.	Send it in several calls: 600 users, 3 groups or 10 rooms in each; or one group and 20 members.	一次调用的接收方数量超过上限。	分多次发送：每次最多 600 个用户、3 个群组或 10 个聊天室；定向消息每次 1 个群组、20 个成员。
targets_unknown	None of the receivers exists in this app.	Check the names or ids; register the users first.	所有接收方在该应用中都不存在。	检查用户名或 ID，或先注册用户。
template_unknown	The app has no push template of this name.	Create the template first.	该应用没有此名称的推送模板。	先创建该模板。
thread_exists	There is a thread about this message already.	Join it.	该消息已有子区。	加入已有的子区。
thread_member_absent	The user is not in the thread.	Nothing is to be done.	用户不在子区中。	无需处理。
thread_member_already	The user is in the thread.	Nothing is to be done.	用户已在子区中。	无需处理。
thread_message_unknown	The group has no such message: never sent to all its members, recalled, or too old to be kept.	Name a message of the group.	群组中没有该消息：从未发送给全体成员、已撤回或已过期。	填写该群组的消息 ID。
thread_outsider	The user is not in the group of the thread.	Add the user to the group first.	用户不在子区所属的群组中。	先将用户加入群组。
thread_right_missing	The user may not do this: threads are for members of their group; to delete them and to remove members is for its owner and administrators, to rename them for the thread’s owner too.	Call with the token of the owner or of an administrator, or with that of the app.	用户无权执行此操作：子区仅对群成员开放；解散子区、移出成员限群主和管理员，修改名称还可由子区创建者进行。	使用群主、管理员或应用的 token 调用。
thread_unknown	There is no such thread in this app: it was deleted, or its group was.	Check the id.	该应用中没有此子区：子区或其所属群组已被删除。	检查子区 ID。
threads_off	In this app there are no threads.	Have the operator set threads of the app to true.	该应用未开启子区。	请运维将应用的 threads 设为 true。
threads_too_many	The app has as many threads as POSTHOUSE_THREADS_PER_APP_MAX allows.	Delete threads that are not needed any more, or have the operator raise the limit.	该应用的子区已达 POSTHOUSE_THREADS_PER_APP_MAX 上限。	删除不再需要的子区，或请运维调高上限。
token_corrupt	What stands after Bearer is no token: cut short, mistyped or of another kind. It has not expired.	Send the access_token of POST /token whole and unchanged.	Bearer 之后的内容不是合法 token：被截断、写错或类型不符。并非过期。	完整且原样地发送 POST /token 返回的 access_token。
token_expired	The token is past its lifetime.	Get a new token and repeat once; renew before expires_in runs out.	token 已过有效期。	重新获取 token 后重试一次；应在 expires_in 到期前更新。
token_insufficient	The token is valid but may not do this: it belongs to a user, or to another app.	Use the token of this app got with client_credentials.	token 有效但无权执行此操作：它属于某个用户或其他应用。	使用以 client_credentials 方式获取的本应用 token。
token_missing	The interface needs a token, and the request carries no usable Authorization header.	Get an app token from POST /token and send it as Authorization: Bearer {token}.	该接口需要 token，而请求没有携带可用的 Authorization 请求头。	通过 POST /token 获取 App Token，并以 Authorization: Bearer {token} 发送。
token_unknown	The token has the right form, but this server did not issue it, or it was revoked since.	Get a new token here. A password change, deactivation or deletion of the user ends its tokens.	token 格式正确，但不是本服务器签发的，或之后已被吊销。	在本服务器重新获取 token。用户改密、被停用或删除后，其 token 失效。
transfer_coding_unknown	The body is sent in a transfer coding other than chunked.	Send the body with Content-Length or as plain chunked.	请求体使用了 chunked 以外的传输编码。	使用 Content-Length 或单一的 chunked 编码发送请求体。
ttl_invalid	ttl is negative or no number.	Send seconds, 0 for a token that does not expire, or leave ttl out.	ttl 为负数或不是数字。	以秒为单位发送，0 表示永不过期，也可不传。
unsupported_key	The push holds a member that is not documented, often a typing error.	Remove or correct it; own data belongs into extras.	推送请求含有文档以外的键，常为拼写错误。	删除或改正；自定义数据应放入 extras。
usage_too_old	What is asked about is longer ago than is kept.	Ask about later periods.	查询的时间早于保留范围。	查询较近的时间。
usage_unit_mismatch	start is not written as time_unit asks: 2026-01-05 09 for HOUR, 2026-01-05 for DAY, 2026-01 for MONTH.	Write it so.	start 与 time_unit 的格式不符：HOUR 为 2026-01-05 09，DAY 为 2026-01-05，MONTH 为 2026-01。	按对应格式填写。
user_exists	The app has a user of this name already; letter case makes no difference.	Take another name. After a registration whose outcome was unknown, this means that it succeeded.	该应用下已存在此用户名（不区分大小写）。	换一个用户名。若上次注册结果未知，则表示当时已成功。
user_groups_too_many	The user is in as many groups or rooms as one may be.	Take the user out of another one first.	该用户加入的群组或聊天室数量已达上限。	先让该用户退出其他群组。
user_limit_reached	The app has as many users as its edition allows. Waiting does not help.	Upgrade the edition or delete users.	应用的用户数已达所购版本上限，等待无济于事。	升级版本或删除用户。
user_not_activated	The user was deactivated and may not log in.	Activate it with POST /users/{username}/activate.	该用户已被停用，不能登录。	调用 POST /users/{username}/activate 解禁。
user_unknown	The user named in the path does not exist in this app.	Check the name; register the user first.	路径中的用户在该应用中不存在。	检查用户名，或先注册该用户。
username_illegal	The username holds a character other than letters, digits, underscore, hyphen and full stop.	Map your own names to such ids, for instance by their number or hash.	用户名含有字母、数字、下划线、连字符和点以外的字符。	把自有用户名映射成此类 ID，例如用编号或哈希。
username_missing	A user to register has no username.	Send username as a string that is not empty.	注册请求中没有提供 username。	以非空字符串发送 username。
username_too_long	The username has more than 64 bytes.	Use a shorter one.	用户名超过 64 字节。	使用更短的用户名。
volume_unreasonable	A device of the audience was sent as many pushes today as limits.pushes_per_device_per_day allows. Nothing was sent.	Look for a loop in the sender; leave out who has had enough, wait for tomorrow, or have the operator raise the limit.	受众中有设备今天收到的推送数已达 limits.pushes_per_device_per_day 的上限，未发送任何内容。	检查发送端是否存在循环发送；去掉已达上限的设备、明天再发，或请运维人员提高上限。
never		Do not repeat it as it is: it will fail again.		不要原样重试：还会失败。
same-key		Repeat only under the same cid or Idempotency-Key, or when a second execution does no harm.		只在使用相同 cid 或 Idempotency-Key、或重复执行无害时重试。
after		Wait (Retry-After says how long), then repeat it as it is.		等待（时长见 Retry-After）后原样重试。
refresh-auth		Get a new token, then repeat once.		重新获取 token 后重试一次。
split		Send the same work in smaller requests.		把同样的工作拆成更小的请求。
page-a-human		A person has to act; do not repeat it by program.		需要人工处理，程序不要重试。`
