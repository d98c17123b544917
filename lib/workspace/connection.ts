import { Construct } from 'constructs';
import { AzapiResource } from '../azapi';
import { ConfigurationError } from '../core/configuration-error';
import type { IManagedIdentity } from '../identity';
import type { IMlWorkspace } from './workspace-reference';

/** How a connection signs in. */
export class ConnectionAuth {
  /** As whoever uses the connection, or as the workspace, with Entra. */
  public static entra(): ConnectionAuth {
    return new ConnectionAuth('AAD');
  }

  /** As a managed identity. */
  public static managedIdentity(identity: IManagedIdentity): ConnectionAuth {
    return new ConnectionAuth('ManagedIdentity', { resourceId: identity.identityId, clientId: identity.clientId });
  }

  /** Not at all: for public feeds. */
  public static none(): ConnectionAuth {
    return new ConnectionAuth('None');
  }

  /**
   * With a key. Comes from a variable marked sensitive, and is written but never read: it is in no state. Needs Terraform 1.11.
   * @param key a reference to the variable
   * @param version changes when the key does
   */
  public static apiKey(key: string, version: string): ConnectionAuth {
    return new ConnectionAuth('ApiKey', undefined, { key }, version);
  }

  private constructor(
    public readonly authType: string,
    /** What may be seen. */
    public readonly credentials?: { [key: string]: string },
    /** What may not. */
    public readonly secrets?: { [key: string]: string },
    public readonly secretsVersion?: string,
  ) {}
}

export interface ConnectionProps {
  readonly workspace: IMlWorkspace;
  /** 3-33 ASCII letters, digits, "-" and "_". */
  readonly connectionName: string;
  /** e.g. "AzureOpenAI", "Git", "PythonFeed", "ContainerRegistry". */
  readonly category: string;
  /** Address of the service. */
  readonly target: string;
  /** @default ConnectionAuth.entra() */
  readonly auth?: ConnectionAuth;
  /** What the category wants to know, e.g. { ApiVersion: "2024-10-21" }. @default - nothing */
  readonly metadata?: { [key: string]: string };
  /** Whether all users of the workspace may use it. @default true */
  readonly sharedToAll?: boolean;
}

/** A service outside of the workspace, and how jobs sign in there. */
export class Connection extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly connectionId: string;
  /** ARM id known at synth. */
  public readonly armId: string;

  constructor(scope: Construct, id: string, props: ConnectionProps) {
    super(scope, id);
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/.test(props.connectionName)) {
      throw new ConfigurationError(this.node.path, {
        what: 'name of the connection is not valid',
        got: JSON.stringify(props.connectionName),
        allowed: '3-33 ASCII letters, digits, "-" and "_", letter or digit first',
        fix: 'e.g. "openai"',
      });
    }
    const auth = props.auth ?? ConnectionAuth.entra();
    this.connectionId = new AzapiResource(this, 'Default', {
      type: 'Microsoft.MachineLearningServices/workspaces/connections@2025-06-01',
      name: props.connectionName,
      parentId: props.workspace.workspaceId,
      body: {
        properties: {
          category: props.category,
          target: props.target,
          authType: auth.authType,
          isSharedToAll: props.sharedToAll ?? true,
          credentials: auth.credentials,
          metadata: props.metadata,
        },
      },
      sensitiveBody: auth.secrets ? { properties: { credentials: auth.secrets } } : undefined,
      sensitiveBodyVersion: auth.secretsVersion === undefined ? undefined : { 'properties.credentials.key': auth.secretsVersion },
    }).id;
    this.armId = `${props.workspace.armId}/connections/${props.connectionName}`;
  }
}
