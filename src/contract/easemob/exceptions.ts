// The `exception` member of an Easemob body: class names that clients and their tests compare (easemob.md
// §1.6).

export const EXCEPTION = {
  illegalArgument: 'java.lang.IllegalArgumentException',
  organizationApplicationNotFound:
    'org.apache.usergrid.rest.exceptions.OrganizationApplicationNotFoundException',
  security: 'org.apache.usergrid.rest.exceptions.SecurityException',
  unauthorized: 'org.apache.shiro.authz.UnauthorizedException',
  easemobSecurity: 'EasemobSecurityException',
  jsonParse: 'org.codehaus.jackson.JsonParseException',
  duplicate: 'org.apache.usergrid.persistence.exceptions.DuplicateUniquePropertyExistsException',
  entityNotFound: 'org.apache.usergrid.persistence.exceptions.EntityNotFoundException',
  resourceNotFound: 'org.apache.usergrid.services.exceptions.ServiceResourceNotFoundException',
  unsupportedOperation: 'org.apache.usergrid.services.exceptions.UnsupportedServiceOperationException',
  webApplication: 'javax.ws.rs.WebApplicationException',
  queryParse: 'org.apache.usergrid.persistence.exceptions.QueryParseException',
  queryToken: 'org.apache.usergrid.persistence.exceptions.QueryTokenException',
  noFullTextIndex: 'org.apache.usergrid.persistence.exceptions.NoFullTextIndexException',
  noIndex: 'org.apache.usergrid.persistence.exceptions.NoIndexException',
  tooLarge: 'RequestEntityTooLargeException',
  reachLimit: 'EasemobReachLimitException',
  messageSend: 'MessageSendException',
  groupAuthorization: 'com.easemob.group.exception.GroupAuthorizationException',
  groupServiceResourceNotFound: 'com.easemob.group.exception.ServiceResourceNotFoundException',
  groupResourceNotFound: 'com.easemob.group.exception.ResourceNotFoundException',
  groupInvalidParameter: 'com.easemob.group.exception.InvalidParameterException',
  groupForbidden: 'com.easemob.group.exception.ForbiddenOpException',
  groupExceedLimit: 'com.easemob.group.exception.ExceedLimitException',
  messageRecall: 'MessageRecallException',
  messageRewrite: 'MessageRewriteException',
  storageObjectNotFound: 'StorageObjectNotFoundException',
  easemobForbidden: 'EasemobForbiddenOpException',
} as const
