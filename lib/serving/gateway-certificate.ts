import { ConfigurationError } from '../core/configuration-error';

export interface AcmeAzureDnsOptions {
  /** Mailbox that the authority warns when a certificate is not renewed. */
  readonly email: string;
  /** Resource group of the public DNS zone. */
  readonly zoneResourceGroup: string;
  /** Name of the zone, e.g. "contoso.example". */
  readonly zoneName: string;
  /** Subscription of the zone. @default - the platform's */
  readonly zoneSubscriptionId?: string;
  /** Client id of cert-manager's identity, with "DNS Zone Contributor" on the zone. */
  readonly identityClientId: string;
  /** Directory of the authority. @default "https://acme-v02.api.letsencrypt.org/directory" */
  readonly server?: string;
}

/** Who signs the certificate of the gateway. */
export class GatewayCertificate {
  /**
   * An authority of the cluster's own, made by cert-manager. For names that no public authority signs; callers must be given its
   * certificate (secret "ml-platform-ca" of cert-manager's namespace).
   */
  public static privateAuthority(): GatewayCertificate {
    return new GatewayCertificate('private');
  }

  /** A ClusterIssuer that exists. */
  public static clusterIssuer(name: string): GatewayCertificate {
    return new GatewayCertificate('existing', name);
  }

  /** A public authority, which is shown by a DNS record that the name is ours: the gateway need not be reachable. */
  public static acmeAzureDns(options: AcmeAzureDnsOptions): GatewayCertificate {
    if (!/^[^@\s]+@[^@\s]+$/.test(options.email)) {
      throw new ConfigurationError('GatewayCertificate.acmeAzureDns', {
        what: 'email is not valid',
        got: JSON.stringify(options.email),
        allowed: 'a mailbox that a team reads',
        fix: 'e.g. "ml-platform@contoso.example"',
      });
    }
    return new GatewayCertificate('acme', 'ml-platform-acme', options);
  }

  private constructor(
    /** "private", "existing" or "acme". */
    public readonly kind: string,
    /** Name of the ClusterIssuer. */
    public readonly issuerName: string = 'ml-platform-ca',
    public readonly acme?: AcmeAzureDnsOptions,
  ) {}

  /** ClusterIssuers and certificates that it needs. @internal */
  public _objects(subscriptionId: string, certManagerNamespace: string): { [key: string]: unknown }[] {
    if (this.acme) return [this.acmeIssuer(this.acme, subscriptionId)];
    return this.kind === 'private' ? this.authority(certManagerNamespace) : [];
  }

  private authority(namespace: string): { [key: string]: unknown }[] {
    const issuer = (name: string, spec: { [key: string]: unknown }) => ({
      apiVersion: 'cert-manager.io/v1',
      kind: 'ClusterIssuer',
      metadata: { name },
      spec,
    });
    return [
      issuer('ml-platform-self-signed', { selfSigned: {} }),
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: this.issuerName, namespace },
        spec: {
          isCA: true,
          commonName: 'ML platform',
          secretName: this.issuerName,
          duration: '87600h0m0s',
          privateKey: { algorithm: 'ECDSA', size: 384, rotationPolicy: 'Never' },
          issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'ml-platform-self-signed' },
        },
      },
      issuer(this.issuerName, { ca: { secretName: this.issuerName } }),
    ];
  }

  private acmeIssuer(options: AcmeAzureDnsOptions, subscriptionId: string): { [key: string]: unknown } {
    return {
      apiVersion: 'cert-manager.io/v1',
      kind: 'ClusterIssuer',
      metadata: { name: this.issuerName },
      spec: {
        acme: {
          server: options.server ?? 'https://acme-v02.api.letsencrypt.org/directory',
          email: options.email,
          privateKeySecretRef: { name: `${this.issuerName}-account` },
          solvers: [
            {
              dns01: {
                azureDNS: {
                  subscriptionID: options.zoneSubscriptionId ?? subscriptionId,
                  resourceGroupName: options.zoneResourceGroup,
                  hostedZoneName: options.zoneName,
                  managedIdentity: { clientID: options.identityClientId },
                },
              },
            },
          ],
        },
      },
    };
  }
}
