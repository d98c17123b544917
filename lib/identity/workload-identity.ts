import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { FederatedCredential } from './federated-credential';
import { ManagedIdentity, type ManagedIdentityProps } from './managed-identity';

export interface WorkloadIdentityProps extends ManagedIdentityProps {}

/** A Kubernetes service account that acts as an identity. */
export interface ServiceAccountFederation {
  /** Name of the credential, unique on the identity. @default - `<namespace>-<serviceAccount>` */
  readonly name?: string;
  /** OIDC issuer of the cluster; usually known to Azure only. */
  readonly issuerUrl: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** A GitHub Actions workflow that acts as an identity. */
export interface GitHubFederation {
  /** "<owner>/<repository>". */
  readonly repository: string;
  /** The environment that the job must run in: it carries the approvals. */
  readonly environment: string;
}

/** An Azure DevOps service connection that acts as an identity. */
export interface AzureDevOpsFederation {
  /** GUID of the organization, as in its issuer `https://vstoken.dev.azure.com/<guid>`. */
  readonly organizationId: string;
  readonly organization: string;
  readonly project: string;
  readonly serviceConnection: string;
}

const MAX_CREDENTIALS = 20;

/**
 * A managed identity for software that runs elsewhere: pods, pipelines.
 *
 * ```ts
 * const identity = new WorkloadIdentity(this, 'Scorer', { resourceGroup, purpose: 'scorer' });
 * identity.federateServiceAccount({ issuerUrl, namespace: 'risk', serviceAccount: 'scorer' });
 * storage.grantRead(identity);
 * ```
 */
export class WorkloadIdentity extends ManagedIdentity {
  private readonly group: IResourceGroup;
  private readonly credentials: FederatedCredential[] = [];

  constructor(scope: Construct, id: string, props: WorkloadIdentityProps) {
    super(scope, id, props);
    this.group = props.resourceGroup;
  }

  /** Lets the pods of a service account act as this identity. */
  public federateServiceAccount(federation: ServiceAccountFederation): FederatedCredential {
    const { namespace, serviceAccount } = federation;
    for (const [field, value] of Object.entries({ namespace, serviceAccount })) {
      if (Token.isUnresolved(value) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value)) continue;
      throw new ConfigurationError(this.node.path, {
        what: `${field} is not a Kubernetes name`,
        got: JSON.stringify(value),
        allowed: 'lower-case letters, digits and hyphens',
        fix: 'copy it from `kubectl get serviceaccounts --all-namespaces`; wildcards do not work here',
      });
    }
    const name = federation.name ?? `${namespace}-${serviceAccount}`.replaceAll('.', '-');
    return this.federate(name, federation.issuerUrl, `system:serviceaccount:${namespace}:${serviceAccount}`);
  }

  /** Lets a GitHub Actions job in one repository and environment act as this identity. */
  public federateGitHub(federation: GitHubFederation): FederatedCredential {
    if (!/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(federation.repository)) {
      throw new ConfigurationError(this.node.path, {
        what: 'repository is not valid',
        got: JSON.stringify(federation.repository),
        allowed: '"<owner>/<repository>"',
        fix: 'e.g. "contoso/ml-platform"',
      });
    }
    const name = `github-${federation.repository}-${federation.environment}`.replace(/[^a-zA-Z0-9_-]/g, '-');
    return this.federate(
      name,
      'https://token.actions.githubusercontent.com',
      `repo:${federation.repository}:environment:${federation.environment}`,
    );
  }

  /** Lets an Azure DevOps service connection act as this identity. */
  public federateAzureDevOps(federation: AzureDevOpsFederation): FederatedCredential {
    const { organization, project, serviceConnection } = federation;
    const name = `azure-devops-${project}-${serviceConnection}`.replace(/[^a-zA-Z0-9_-]/g, '-');
    return this.federate(
      name,
      `https://vstoken.dev.azure.com/${federation.organizationId}`,
      `sc://${organization}/${project}/${serviceConnection}`,
    );
  }

  private federate(name: string, issuer: string, subject: string): FederatedCredential {
    if (this.credentials.length === MAX_CREDENTIALS) {
      throw new ConfigurationError(this.node.path, {
        what: 'the identity has too many federated credentials',
        got: String(MAX_CREDENTIALS + 1),
        allowed: `up to ${MAX_CREDENTIALS} on one identity`,
        fix: 'give the next workloads an identity of their own',
      });
    }
    const credential = new FederatedCredential(this, `Federation-${name}`, {
      resourceGroup: this.group,
      identityId: this.identityId,
      name,
      issuer,
      subject,
    });
    this.credentials.push(credential);
    return credential;
  }
}
