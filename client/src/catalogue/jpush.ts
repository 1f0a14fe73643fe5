// Written by `npm run docs` from the catalogue; not edited by hand. form.ts says how it is read.
export const jpushRows = `200	1010	certificate_exists	n	certificate exists already
	1012	certificate_invalid		certificate invalid
	1013	admin_app_key_invalid		appkey invalid
	1014	certificate_missing		no certificate file
	1015	app_delete_failed		app delete fail
400	1002	parameter_missing		Missing parameter: {name}
	4002			Request parameter {name} is null or empty
	1003	parameter_invalid		{reason}
	1009	unsupported_key		Unsupported key {key}
	1005	push_too_big		The message is too big
	1008	app_key_illegal	p	Invalid app_key
	7008			appkey does not exist
	1011	audience_empty	n	cannot find user by this audience
		audience_inactive		cannot find user by this audience or has been inactive for more than 255 days
	1035	active_push_conflict		active_push does not support this push
	1003	push_unknown		msg_id does not exist
		push_too_old		msg_id is more than one day old
		override_invalid		override_msg_id does not exist or is more than one day old
		cid_invalid		Invalid cid
	1012	push_over_limit	a	The push has exceeded the limit
	1003	push_file_unknown	n	file_id does not exist or has expired
		push_files_full		There are {limit} files already
		images_full		There are {limit} images already
		registration_id_invalid		The registration_id {registration_id} is invalid!
		registration_ids_invalid		Part of the registration_ids are invalid
	3002	msg_ids_missing		msg_ids is missing
	3004	usage_unit_mismatch		time_unit does not match start
	3005	usage_too_old		Only the last {days} days can be queried
	3002	report_parameter_invalid		Invalid parameter: {reason}
	7013	device_parameters_invalid		Part of the parameters are invalid
	8100	schedule_invalid		The schedule-task is invalid: {reason}
	4003	admin_parameter_invalid		Request parameter {name} is null or empty
401	4004	developer_key_unknown	p	Authentication failed: dev_key does not exist
	4005	developer_secret_wrong		Authentication failed: dev_key and dev_secret are not matched
	4007	developer_not_permitted		Permission not granted
403	2005	volume_unreasonable		Too many messages to the same users
	2006	not_vip		The app is not a VIP app
	2003			No permission to use this API
	2007	not_entitled		No right to use this API
	2008	broadcast_limit		The limit of broadcasts for this day is reached
	1105	developer_files_denied		No permission to use files with the developer credential
	9403	developer_apps_full		There are {limit} apps already
404	1020	https_required	n	Only HTTPS is supported
	8104	schedule_unknown		Request schedule operation doesn't exist
410	9410	retired	p	The interface has gone offline: {notice}
400	1003	query_invalid	n	The query parameter {name} is not valid
	3002
	7002
	8100
	1003	image_unknown		media_id does not exist or has expired
	7002	device_parameter_invalid		Invalid parameter: {reason}
	7015	alias_full		The alias is bound to too many devices
401	1004	credentials_missing	p	Authen failed
	3001			Basic authentication failed
	8101			Basic authentication failed.
	7001			Authorization is empty
	4006			Authentication failed: it is not a valid authorization string
	1004	credentials_wrong		Authen failed
	3001			Basic authentication failed
	8101			Basic authentication failed.
	7004			Authentication failed
403	2004	ip_not_allowed		The IP address of the caller is not allowed
429	2002	rate_limited	a	Rate limit exceeded
400	1003	http_malformed	n	The request is not well-formed HTTP
	3002
	7002
	8100
	4003
	1003	transfer_coding_unknown		The transfer coding is not supported
	3002
	7002
	8100
	4003
	1003	host_invalid		The Host header is missing or not valid
	3002
	7002
	8100
	4003
	1003	http_version_unsupported		The HTTP version is not supported
	3002
	7002
	8100
	4003
	1003	head_too_large		The request line or the headers are too large
	3002
	7002
	8100
	4003
	1003	target_invalid		The request target is not valid
	3002
	7002
	8100
	4003
	1003	header_repeated		The header {name} may occur only once
	3002
	7002
	8100
	4003
	1003	expectation_unknown		The Expect header is not supported
	3002
	7002
	8100
	4003
	1005	body_too_large	s	The request body is too big, the limit is {limit} bytes
	4003
	1003	json_malformed	n	The request body is not a valid JSON object
	3002
	7002
	8100			The schedule-task is invalid: request data is not json
	4003			The request body is not a valid JSON object
	1003	json_value_invalid		The request body holds a value that is not valid
	3002
	7002
	8100
	4003
	1003	body_not_object		The request body is not a valid JSON object
	3002
	7002
	8100			The schedule-task is invalid: request data is not json
	4003			The request body is not a valid JSON object
404	9404	path_unknown		The resource does not exist
		media_type_unsupported		The format of the request is not supported
405	1001	method_not_allowed		The interface does not support requests for this method
	3002
	7002
	8100
	4001			Get HTTP method is not allowed
408	9408	request_timeout	a	The request did not arrive in time
503	1030	core_draining		The server is shutting down, please try again later
	7030
	8203
	1030	node_rate_limited		The server takes no more requests at the moment, please try again later
	7030
	8203
403	2003	app_blacklisted	p	The appKey is in black list.
500	1000	internal	K	System internal error
	10
	7000			Internal error
	8200			Server internal error.
	10			System error
502	9502	core_gone		The business server is offline or upgrading, please try again later
503	1030	core_deadline_passed		Internal service timeout
	7030
	8203			Execute action timeout, please try later again
	1030	core_overloaded	a	The server is busy, please try again later
	7030			System busy, please retry later
	8203			The server is busy, please try again later
	1030	store_unavailable	K	The server could not respond to the request, please try again later
	7030
	8203
504	9504	core_silent		The server is running, but it cannot respond to the request, please try again later`
