/** The made-up tenant in which everything is applied. */
export const IDENTITY = {
  tenantId: '11111111-1111-1111-1111-111111111111',
  objectId: '22222222-2222-2222-2222-222222222222',
  clientId: '33333333-3333-3333-3333-333333333333',
};

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as the providers read it; nobody checks its signature. */
export function accessToken(origin: string): object {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    oid: IDENTITY.objectId,
    sub: IDENTITY.objectId,
    tid: IDENTITY.tenantId,
    appid: IDENTITY.clientId,
    idtyp: 'app',
    iss: `${origin}/${IDENTITY.tenantId}`,
    aud: origin,
    iat: now,
    exp: now + 86_400,
  };
  return { access_token: `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.x`, token_type: 'Bearer', expires_in: 86_400 };
}

/** Where a client finds the services of this cloud. No slash after the origin: the providers append paths to it. */
export function cloudMetadata(origin: string): object {
  return {
    name: 'AzureCloud',
    portal: origin,
    graph: origin,
    graphAudience: origin,
    microsoftGraphResourceId: origin,
    resourceManager: origin,
    batch: origin,
    gallery: origin,
    sqlManagement: origin,
    vmImageAliasDoc: origin,
    logAnalyticsResourceId: origin,
    appInsightsResourceId: origin,
    appInsightsTelemetryChannelResourceId: origin,
    attestationResourceId: origin,
    synapseAnalyticsResourceId: origin,
    ossrDbmsResourceId: origin,
    authentication: { loginEndpoint: origin, audiences: [origin], tenant: 'common', identityProvider: 'AAD' },
    suffixes: {
      storage: 'core.localhost',
      keyVaultDns: 'vault.localhost',
      sqlServerHostname: 'sql.localhost',
      acrLoginServer: 'azurecr.io',
      azureFrontDoorEndpointSuffix: 'afd.localhost',
      mhsmDns: 'mhsm.localhost',
      attestationEndpoint: 'att.localhost',
      postgresqlServerEndpoint: 'pg.localhost',
      mysqlServerEndpoint: 'mysql.localhost',
      mariadbServerEndpoint: 'maria.localhost',
      synapseAnalytics: 'syn.localhost',
      azureDataLakeStoreFileSystem: 'adls.localhost',
      azureDataLakeAnalyticsCatalogAndJob: 'adla.localhost',
    },
  };
}

/** Answer to a request of the login service, or undefined where the path is not one of its own. */
export function loginAnswer(path: string, origin: string): object | undefined {
  if (/\/oauth2\/(v2\.0\/)?token$/.test(path)) return accessToken(origin);
  if (path.endsWith('/openid-configuration')) {
    const issuer = `${origin}/${IDENTITY.tenantId}`;
    return {
      issuer,
      token_endpoint: `${issuer}/oauth2/v2.0/token`,
      authorization_endpoint: `${issuer}/oauth2/v2.0/authorize`,
      jwks_uri: `${issuer}/discovery/v2.0/keys`,
    };
  }
  if (path.endsWith('/discovery/instance')) {
    return { tenant_discovery_endpoint: `${origin}/${IDENTITY.tenantId}/v2.0/.well-known/openid-configuration`, metadata: [] };
  }
  return path === '/metadata/endpoints' ? cloudMetadata(origin) : undefined;
}
