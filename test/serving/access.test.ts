import { describe, expect, test } from 'vitest';
import { GatewayCertificate, ModelGateway, type ModelGatewayProps, ServiceAccess } from '../../lib/serving';
import { contractAttributes, fullContract } from '../helpers/contract';
import { crdProblems } from '../helpers/crd-schema';
import { objectOf, objectsOf } from '../helpers/manifests';
import { appStack, fraud } from './platform';

const TENANT = '11111111-1111-1111-1111-111111111111';

function gateway(props: Partial<ModelGatewayProps> = {}, overrides = {}) {
  const { stack, platform } = appStack(overrides);
  return new ModelGateway(stack, 'Gateway', { platform, ...props });
}

describe('access to a service', () => {
  test('asks for a token of the Entra tenant, whichever of its two issuers signed it', () => {
    const service = fraud();
    expect(service.url).toBe('https://fraud-risk.ml.contoso.example');
    expect(objectOf(service, 'HTTPRoute').spec).toMatchObject({
      parentRefs: [{ name: 'kserve-ingress-gateway', namespace: 'kserve' }],
      hostnames: ['fraud-risk.ml.contoso.example'],
      rules: [{ timeouts: { request: '60s' }, backendRefs: [{ name: 'fraud-predictor', port: 80, weight: 100 }] }],
    });
    const keys = { uri: `https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys` };
    expect(objectOf(service, 'SecurityPolicy').spec).toEqual({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'fraud' }],
      jwt: {
        providers: [
          {
            name: 'entra-v2',
            issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
            audiences: ['api://contoso-ml-prod'],
            remoteJWKS: keys,
          },
          {
            name: 'entra-v1',
            issuer: `https://sts.windows.net/${TENANT}/`,
            audiences: ['api://contoso-ml-prod'],
            remoteJWKS: keys,
          },
        ],
      },
    });
    expect(crdProblems(objectsOf(service))).toEqual([]);
  });

  test('asks for a role where one is named, and denies the rest', () => {
    const service = fraud({ access: ServiceAccess.entra({ roles: ['Models.Invoke'], audiences: ['api://risk'] }) });
    expect(objectOf(service, 'SecurityPolicy').spec).toMatchObject({
      jwt: { providers: [{ audiences: ['api://risk'] }, { audiences: ['api://risk'] }] },
      authorization: {
        defaultAction: 'Deny',
        rules: [
          { principal: { jwt: { provider: 'entra-v2', claims: [{ name: 'roles', values: ['Models.Invoke'] }] } } },
          { principal: { jwt: { provider: 'entra-v1' } } },
        ],
      },
    });
    expect(crdProblems(objectsOf(service))).toEqual([]);
  });

  test('is anonymous for a reason only, which reviewers read', () => {
    const service = fraud({ access: ServiceAccess.anonymous('A public demo without personal data.') });
    expect(objectOf(service, 'HTTPRoute').metadata.annotations).toEqual({
      'ml-platform/anonymous-access-reason': 'A public demo without personal data.',
    });
    expect(objectOf(service, 'SecurityPolicy').spec).toMatchObject({ authorization: { defaultAction: 'Allow' } });
    expect(crdProblems(objectsOf(service))).toEqual([]);
    expect(() => ServiceAccess.anonymous('why not')).toThrow(/anonymous access needs a reason/);
  });

  test('stays inside the cluster where asked, or where there is no gateway', () => {
    for (const service of [
      fraud({ access: ServiceAccess.clusterOnly() }),
      fraud({}, { serving: contractAttributes().serving }),
    ]) {
      expect(objectsOf(service).map(({ kind }) => kind)).not.toContain('HTTPRoute');
      expect(service.url).toBeUndefined();
    }
  });

  test('cannot be asked of a platform without a gateway, nor without an audience', () => {
    expect(() => fraud({ access: ServiceAccess.entra() }, { serving: contractAttributes().serving })).toThrow(/has no gateway/);
    expect(() => fraud({ access: ServiceAccess.entra({ audiences: [] }) })).toThrow(/no audience: any token/);
  });

  test('needs a name of a host that DNS takes', () => {
    const { tenants } = fullContract();
    const long = { ...(tenants[0] as (typeof tenants)[number]), name: 'r'.repeat(30) };
    expect(() => fraud({ serviceName: 'f'.repeat(40), tenant: long.name }, { tenants: [long] })).toThrow(/too long for DNS/);
  });
});

describe('the gateway', () => {
  test('fits the CRDs', () => {
    expect(crdProblems(objectsOf(gateway()))).toEqual([]);
  });

  test('listens to HTTPS alone, for routes of tenants alone', () => {
    expect(objectOf(gateway(), 'Gateway').spec).toMatchObject({
      listeners: [
        {
          port: 443,
          protocol: 'HTTPS',
          hostname: '*.ml.contoso.example',
          allowedRoutes: {
            namespaces: { from: 'Selector', selector: { matchExpressions: [{ key: 'ml-platform/tenant', operator: 'Exists' }] } },
          },
        },
      ],
    });
  });

  test('has an internal address, a public one for a reason only', () => {
    const annotation = 'service.beta.kubernetes.io/azure-load-balancer-internal';
    expect(JSON.stringify(objectOf(gateway(), 'EnvoyProxy').spec)).toContain(`"${annotation}":"true"`);
    const open = gateway({ publicReason: 'Partners call the models from the internet.' });
    expect(JSON.stringify(objectOf(open, 'EnvoyProxy').spec)).toContain(`"${annotation}":"false"`);
    expect(objectOf(open, 'EnvoyProxy').metadata.annotations).toEqual({
      'ml-platform/public-address-reason': 'Partners call the models from the internet.',
    });
    expect(() => gateway({ publicReason: 'partners' })).toThrow(/a public address needs a reason/);
  });

  test('asks for a token on every route that has no policy of its own', () => {
    expect(objectOf(gateway(), 'SecurityPolicy').spec).toMatchObject({
      targetRefs: [{ kind: 'Gateway', name: 'kserve-ingress-gateway' }],
      jwt: { providers: [{ name: 'entra-v2' }, { name: 'entra-v1' }] },
    });
  });

  test('is signed for by an authority of the cluster, or one that the platform names', () => {
    expect(
      objectsOf(gateway())
        .filter(({ kind }) => kind === 'ClusterIssuer')
        .map(({ metadata }) => metadata.name),
    ).toEqual(['ml-platform-self-signed', 'ml-platform-ca']);
    const existing = gateway({ certificate: GatewayCertificate.clusterIssuer('corporate') });
    expect(objectOf(existing, 'Certificate').spec).toMatchObject({
      dnsNames: ['*.ml.contoso.example'],
      issuerRef: { kind: 'ClusterIssuer', name: 'corporate' },
    });
    const options = {
      email: 'ml@contoso.example',
      zoneResourceGroup: 'dns',
      zoneName: 'contoso.example',
      identityClientId: TENANT,
    };
    const acme = gateway({ certificate: GatewayCertificate.acmeAzureDns(options) });
    expect(objectOf(acme, 'ClusterIssuer').spec).toMatchObject({
      acme: { solvers: [{ dns01: { azureDNS: { hostedZoneName: 'contoso.example', managedIdentity: { clientID: TENANT } } } }] },
    });
    expect(crdProblems(objectsOf(acme))).toEqual([]);
    expect(() => GatewayCertificate.acmeAzureDns({ ...options, email: 'nobody' })).toThrow(/email is not valid/);
  });

  test('must be promised in the contract, with an audience', () => {
    expect(() => gateway({}, { serving: contractAttributes().serving })).toThrow(/promises no gateway/);
    const { serving } = fullContract();
    const mute = { ...serving, gateway: serving.gateway && { ...serving.gateway, audiences: [] } };
    expect(() => gateway({}, { serving: mute })).toThrow(/the gateway has no audience/);
  });
});
