import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { Manifests } from '../manifests';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

/** Certificates of a public authority by ACME, proved through a DNS zone of Azure: works for names that only resolve inside. */
export interface AcmeIssuer {
  /** Where the authority writes before certificates run out. */
  readonly email: string;
  /** @default "https://acme-v02.api.letsencrypt.org/directory" */
  readonly server?: string;
  /** Public DNS zone, e.g. "ml.contoso.example". */
  readonly dnsZone: string;
  readonly dnsZoneResourceGroup: string;
  /**
   * Client id of the identity that writes the zone's records: DNS Zone Contributor on it, and a federated credential for the
   * service account cert-manager/cert-manager.
   */
  readonly identityClientId: string;
}

export interface CertManagerProps extends AddonProps {
  /** Reads certificates' wishes from Gateways too; needs the CRDs of the Gateway API first. @default false */
  readonly gatewayApi?: boolean;
  /** Makes the ClusterIssuer `CertManager.ACME_ISSUER`. @default - none */
  readonly acme?: AcmeIssuer;
  /** Makes the ClusterIssuer `CertManager.PRIVATE_CA_ISSUER`: an authority of the cluster's own, for internal names. @default false */
  readonly privateCa?: boolean;
}

/** cert-manager: certificates for webhooks and gateways. */
export class CertManager extends HelmAddon {
  public static readonly ACME_ISSUER = 'acme';
  public static readonly PRIVATE_CA_ISSUER = 'private-ca';

  /** @throws when the mail address of the ACME account is none */
  constructor(scope: Construct, id: string, props: CertManagerProps) {
    const replicas = props.platform.environment.profile.controllerReplicas;
    const podDisruptionBudget = { enabled: replicas > 1 };
    const namespace = props.namespace ?? 'cert-manager';
    checkAcme(`${scope.node.path}/${id}`, props.acme);
    super(scope, id, {
      ...props,
      addonName: 'cert-manager',
      namespace,
      podSecurity: PodSecurity.RESTRICTED,
      releases: [
        {
          id: 'Default',
          releaseName: 'cert-manager',
          chart: HelmChart.pinned('cert-manager', props.chartVersion),
          values: {
            replicaCount: replicas,
            podDisruptionBudget,
            webhook: { replicaCount: replicas > 1 ? 3 : 1, podDisruptionBudget },
            cainjector: { replicaCount: replicas, podDisruptionBudget },
            ...(props.gatewayApi
              ? {
                  config: {
                    apiVersion: 'controller.config.cert-manager.io/v1alpha1',
                    kind: 'ControllerConfiguration',
                    gatewayAPI: { enabled: true },
                  },
                }
              : {}),
            ...(props.acme
              ? {
                  podLabels: { 'azure.workload.identity/use': 'true' },
                  serviceAccount: { annotations: { 'azure.workload.identity/client-id': props.acme.identityClientId } },
                }
              : {}),
          },
          userValues: props.values,
          // Without keep, removing the release deletes every certificate in the cluster.
          fixedValues: { crds: { enabled: true, keep: true } },
        },
      ],
    });
    const objects = [...(props.acme ? [acmeIssuer(props, props.acme)] : []), ...(props.privateCa ? privateCa(namespace) : [])];
    if (objects.length === 0) return;
    const issuers = new Manifests(this, 'Issuers', {
      platform: props.platform,
      namespace,
      releaseName: 'issuers',
      objects,
      dependsOn: [this.dependable],
    });
    this.completeWith(issuers.dependable);
  }
}

function acmeIssuer({ platform }: CertManagerProps, acme: AcmeIssuer): { [key: string]: unknown } {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { name: CertManager.ACME_ISSUER },
    spec: {
      acme: {
        server: acme.server ?? 'https://acme-v02.api.letsencrypt.org/directory',
        email: acme.email,
        privateKeySecretRef: { name: 'acme-account' },
        solvers: [
          {
            dns01: {
              azureDNS: {
                subscriptionID: platform.environment.subscriptionId,
                resourceGroupName: acme.dnsZoneResourceGroup,
                hostedZoneName: acme.dnsZone,
                environment: 'AzurePublicCloud',
                managedIdentity: { clientID: acme.identityClientId },
              },
            },
          },
        ],
      },
    },
  };
}

/** An authority that signs itself, and the issuer that signs with it. */
function privateCa(namespace: string): { [key: string]: unknown }[] {
  const issuer = (name: string, spec: object) => ({
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { name },
    spec,
  });
  return [
    issuer('private-ca-root', { selfSigned: {} }),
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'private-ca', namespace },
      spec: {
        isCA: true,
        commonName: 'ml-platform private CA',
        secretName: 'private-ca',
        duration: '87600h',
        privateKey: { algorithm: 'ECDSA', size: 256 },
        issuerRef: { name: 'private-ca-root', kind: 'ClusterIssuer', group: 'cert-manager.io' },
      },
    },
    issuer(CertManager.PRIVATE_CA_ISSUER, { ca: { secretName: 'private-ca' } }),
  ];
}

function checkAcme(path: string, acme: AcmeIssuer | undefined): void {
  if (!acme || /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(acme.email)) return;
  throw new ConfigurationError(path, {
    what: 'email of the ACME account is not a mail address',
    got: JSON.stringify(acme.email),
    allowed: 'a mailbox that the platform team reads',
    fix: 'e.g. email: "ml-platform@contoso.example"',
  });
}
