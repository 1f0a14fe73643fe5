// Written by `npm run docs` from the catalogue; not edited by hand. form.ts says how it is read.
export const easemobRows = `400	illegal_argument	idempotency_key_invalid	n	Idempotency-Key is not legal
		idempotency_key_reused		Idempotency-Key was used with another request
	invalid_grant	grant_invalid		invalid username or password
		client_id_unknown	p	client_id does not match
		client_secret_wrong		client_secret does not match
	illegal_argument	ttl_invalid	n	ttl must be a number >= 0
		username_missing		Entity user requires a property named username
		password_missing		password or pin must provided
		username_illegal		username [{username}] is not legal
		username_too_long		USERNAME_TOO_LONG
		password_too_long		PASSWORD_TOO_LONG
		nickname_too_long		NICKNAME_TOO_LONG
	duplicate_unique_property_exists	user_exists		Application {application}Entity user requires that property named username be unique, value of {username} exists
		batch_password_conflict		the same user {username} has a different password, the passwords are ***
	illegal_argument	batch_too_large	s	Request body array size[{size}] had almost reached or been greater than the upper range value[{max}]
		newpassword_missing	n	newpassword is required
		oldpassword_missing		oldPassword is required
	invalid_grant	oldpassword_wrong		invalid username or password
	illegal_argument	status_batch_too_large	s	request body exceeds maximum limit, maximum limit is 100
	query_parse	query_parse	n	The query cannot be parsed. The token '{text}' at column {column} on line {line} cannot be parsed
	query_token	query_token		NoViableAltException('{text}'@[1:1: Tokens])
		query_string_open		MismatchedTokenException(-1!=39)
		query_order_by_split		MismatchedTokenException(32!=98)
	query_parse	query_sort_repeated		Attempted to set sort order for {property} more than once
	illegal_argument	invalid_request		this is an invalid request.
		binding_invalid		device_token is not a registration id of this app
	service open exception	presence_off		the app not open presence
	illegal_argument	presence_failed		set presence failed
		presence_ext_missing		ext cannot be null
		presence_ext_too_big		ext is too big
		presence_resource_unknown		resource not exist
		presence_of_oneself		you can't sub yourself
		presence_subscriptions_too_many		too many sub presence
		presence_queries_too_many		too many get presences
		presence_unsubscriptions_too_many		too many unsub presences
		presence_pages_too_large		too many queries
		presence_usernames_empty		usernames is empty
		block_user_unknown		attempt to adding new block[{username}] for user[{owner}],but user[{username}] not found.
		from_empty		from can't be empty
	message_send_error			param from can't be empty
	illegal_argument	target_type_invalid		target_type can only be 'users' or 'chatgroups' or 'chatrooms'
	message_send_error	param_empty		param {param} can't be empty
		ext_not_object		param ext must be JSONObject
		targets_too_many	s	params {param}'s size can't exceed limit {limit}
	illegal_argument	message_body_invalid	n	this is an invalid request.
	invalid_request_body			Request body is invalid. Please check body is correct.
	message_recall_error	recall_param_empty		param {param} can't be empty
		recall_receiver_wrong		can't find msg to
	message_send_error	import_time_invalid		param msg_timestamp is invalid
	service open exception	roaming_off		this appKey not open message roaming
	illegal_argument	export_hour_malformed		This chatmessage request is not supported
		export_unstored		illegal arguments: appkey: {org}#{app}, time: {hour}, maybe chat message history is expired or unstored
	Bad Request	reactions_off		this appKey is not open reaction service!
		reaction_message_unknown		the message does not exist
		reaction_forbidden		the user operation is illegal!
		reaction_no_member		The user not in this group!
		reaction_exists		the user is already operation this message
		reactions_too_many		The quantity has exceeded the limit!
		reaction_group_missing		groupId can not be null!
	group_error	thread_exists		the message has a thread already
		thread_message_unknown		the message is not in the group
	illegal_argument	member_unknown		group member {username} doesn't exist
		owner_unknown
	invalid_parameter	public_missing		group must contain public field!
		room_name_missing		chatroom must contain title/name field!
		field_missing		{field} must be provided
		field_invalid		{field} is not valid
		avatar_too_long		avatar length is too big
	illegal_argument	group_id_exists		group ID {group} already exists!
	invalid_parameter	fields_unknown		some of [{fields}] are not valid fields
		members_too_many_to_add	s	addMembers: addMembers number more than maxSize : {limit}
		members_too_many_to_kick		kickMember: kickMembers number more than maxSize : {limit}
		members_too_many_to_block		userNames is more than max limit : {limit}
		members_too_many_to_unblock		removeBlacklist: list size more than max limit : {limit}
		members_too_many_to_mute		userNames size is more than max limit : {limit}
		members_too_many_to_unmute		removeMute member size more than max limit : {limit}
	metadata_error	member_attributes_too_large	n	exceeds chatgroup user metadata {what} limit
		room_attributes_too_many	s	number of metadata is exceeding maximum limit : {limit}
	illegal_argument	file_missing	n	file must be provided.
401	unauthorized	token_missing	r	Unable to authenticate (OAuth)
				Subject does not have permission [applications:{verb}:{application}:{path}]
				No admin user access authorized
	group_authorization			token is blank!
	unauthorized	token_insufficient	n	Unable to authenticate (OAuth)
				Subject does not have permission [applications:{verb}:{application}:{path}]
				No admin user access authorized
	group_authorization			token is blank!
	auth_bad_access_token			Unable to authenticate due to corrupt access token
	metadata_error			auth error
	unauthorized	registration_closed	r	registration is not open, please contact the app admin
				Open registration doesn't allow, so register user need token,
	group_error	thread_right_missing	n	no permission to operate the thread
	group_authorization	group_right_missing		you have no permission to do this,group fields require group admin privileges to be modified
	auth_bad_access_token	file_secret_wrong		Unable to authenticate due to corrupt access token
403	FORBIDDEN	attributes_off		{appkey} user metadata service not allow
	metadata_error	attributes_too_large		size of metadata for this single user exceeds the user defined limit, {limit}Bytes
		attributes_of_app_too_large		total size of user metadata for this app exceeds the user defined limit, {limit}Bytes
	exceed_limit	contacts_too_many		user contact number exceed limit
		blocks_too_many		user block number exceed limit
	message_send_error	message_rate_reached	a	message send reach limit
	forbidden_op	broadcast_off	p	message broadcast service is unopened
	exceed_limit	broadcast_rooms_too_many	s	chatrooms number more than maxSize : {limit}
	forbidden_op	roaming_no_member	n	users are not members of this group!
		export_link_invalid		the download url has expired or is not valid
	group_error	threads_off		thread not open.
		threads_too_many		threads of this app exceed the limit
		thread_member_already		user:{username} is in the thread already
		thread_outsider		user:{username} is not in group:{group}
	group_name_violation	group_name_blocked		{name} is violation, please change it.
	exceed_limit	name_too_long		title cannot exceed to {limit}
		description_too_long		desc cannot exceed to {limit}
		maxusers_too_large		maxUsers cannot exceed {limit}
	forbidden_op	maxusers_below_count		current user count is larger than the maxUsers that you want to update !
	exceed_limit	groups_too_many	p	appKey:{app} has create too many groups!
				appKey:{app} has create too many chatrooms!
	forbidden_op	member_already	n	can not join this group, reason:user: {username} already in group: {group}\\n
		member_absent		users [{username}] are not members of this group!
		new_owner_absent		user: {username} doesn't exist in group: {group}
		new_owner_same		new owner and old owner are the same
		owner_protected		forbidden operation on group owner!
		admin_absent		user:{username} is not admin of group:{group}
	exceed_limit	admins_too_many		admins number more than maxSize : {limit}
		announcement_too_long		announcement cannot exceed to {limit}
	group_announce_violation	announcement_blocked		the announcement is violation, please change it.
	forbidden_op	file_forbidden		chatfile no permission
	exceed_limit	group_files_too_many		share files number more than maxSize : {limit}
404	entity_not_found	inherit_user_unknown		User null not found
	service_resource_not_found	user_unknown		Service resource not found
	entity_not_found	password_user_unknown		User null not found
	service_resource_not_found	template_unknown		Service resource not found
		contact_absent
		targets_unknown
	storage_object_not_found	export_empty		Failed to find chat message history download url for appkey: {org}#{app}, time: {hour}
	group_error	thread_unknown		thread:{thread} not found
		thread_member_absent		user:{username} is not in the thread
	service_resource_not_found	group_unknown		Service resource not found
	resource_not_found			grpID {group} does not exist!
	service_resource_not_found	group_details_unknown		Service resource not found
				do not find this group:{group}
	resource_not_found	member_unknown		username {username} doesn't exist!
	service_resource_not_found	single_member_unknown		Service resource not found
	resource_not_found			username {username} doesn't exist!
		owner_unknown
		role_member_absent		user: {username} doesn't exist in group: {group}
		group_request_absent		there is no request of user: {username} in group: {group}
	service_resource_not_found	metadata_group_unknown		Service resource not found
	metadata_error			group not exists
	service_resource_not_found	file_unknown		Service resource not found
	entity_not_found			file may not exists
	file_expired	file_expired		file {file} is expired
409	concurrent_operation_error	idempotency_key_in_flight	A	A request under this Idempotency-Key is running
		inherit_conflict	a	concurrency create app user failed
	metadata_error	member_attributes_conflict		concurrent change
413	Request Entity Too Large	file_too_large	n	Request Entity Too Large
				the file size exceeds the maximum limit.
429	resource_limited	user_limit_reached	p	You have exceeded the limit of the Free edition. Please upgrade to higher edition.
				You have exceeded the limit of the community edition,Please upgrade to the enterprise edition
500	no_full_text_index	full_text_index_missing	n	Entity 'user' with property named '{property}' is not full text indexed. You cannot use the 'contains' operand on this field
	no_index	index_missing		Entity 'user' with property named '{property}' is not indexed.  You cannot use the this field in queries.
400	illegal_argument	query_invalid		The query parameter {name} is not valid
	organization_application_not_found	app_unknown		Could not find application for {org}/{app} from URI: {uri}
	invalid_grant	grant_user_unknown		invalid username or password
		grant_password_wrong
				invalid password
		user_not_activated	p	user not activated
	illegal_argument	message_too_large	s	message is too large
	message_send_error
401	auth_bad_access_token	token_corrupt	r	Unable to authenticate due to corrupt access token
		token_unknown		Unable to authenticate
	expired_token	token_expired		Unable to authenticate due to expired access token
	unauthorized
403	forbidden_op	ip_not_allowed	p	The IP address of the caller is not allowed
		recall_off	n	message recall service is unopened
	message_recall_error	recall_message_unknown		not_found msg
		recall_too_late		exceed recall time limit
	message_rewrite_error	edit_off		The rewrite message feature is not open.
		edit_message_unknown		not_found msg
		edit_forbidden		only the sender can rewrite the message
		edit_not_text		only text messages can be rewritten
		edits_too_many		exceed rewrite count limit
	exceed_limit	group_full		members size is greater than max user size !
		user_groups_too_many		user {username} has joined too many groups!
				user {username} has joined too many chatrooms!
	forbidden_op	member_blocked		can not join this group, reason:user: {username} is in the blacklist of group: {group}
404	organization_application_not_found	app_unknown		Could not find application for {org}/{app} from URI: {uri}
	invalid_grant	grant_user_unknown		user not found
416	range_not_satisfiable	range_unsatisfiable		Range Not Satisfiable
429	reach_limit	rate_limited	a	This request has reached api limit
501	not_implemented	method_unknown	n	Not Implemented
400	illegal_argument	http_malformed		The request is not well-formed HTTP
		host_invalid		The Host header is missing or not valid
		http_version_unsupported		The HTTP version is not supported
		head_too_large		The request line or the headers are too large
		target_invalid		The request target is not valid
		header_repeated		The header {name} may occur only once
		expectation_unknown		The Expect header is not supported
		media_type_unsupported		this is an invalid request.
	json_parse	json_malformed		{fault}\\n at [Source: java.io.BufferedInputStream@{source}; line: {line}, column: {column}]
	invalid_request_body			Request body is invalid. Please check body is correct.
	illegal_argument	json_value_invalid		The request body holds a value that is not valid
		body_not_object		this is an invalid request.
	invalid_request_body			Request body is invalid. Please check body is correct.
404	service_resource_not_found	path_unknown		Service resource not found
405	method_not_allowed	method_not_allowed		Method Not Allowed
408	request_timeout	request_timeout	a	Request Timeout
413	Request Entity Too Large	body_too_large	s	Request Entity Too Large
415	web_application	media_type_unsupported	n	Unsupported Media Type
500		path_unknown		javax.ws.rs.WebApplicationException
	unsupported_service_operation	method_not_allowed		Service operation not supported
501	not_implemented	transfer_coding_unknown		Transfer coding not implemented
503	service_unavailable	core_draining	a	Service Unavailable: the server is shutting down
	reach_limit	node_rate_limited		This request has reached api limit
403	forbidden_op	app_blacklisted	p	The appKey is in black list.
500	internal_server_error	internal	K	Internal Server Error
502	bad_gateway	core_gone		Bad Gateway
503	service_unavailable	core_deadline_passed		Service Unavailable: the request was not finished in time
		core_overloaded	a	Service Unavailable: the server is busy
		store_unavailable	K	Service Unavailable
504	gateway_timeout	core_silent		Gateway Timeout`
