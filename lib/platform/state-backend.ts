import { AzurermBackend, type TerraformStack } from 'cdktf';

/** Where Terraform keeps state: a container of a storage account that is reached by Entra identity. */
export interface StateBackendProps {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resourceGroupName: string;
  readonly storageAccountName: string;
  readonly containerName: string;
}

/** The platform's state store. One blob for each stack; a lease on the blob is the lock. */
export class StateBackend {
  constructor(private readonly props: StateBackendProps) {}

  /** Keeps the state of `stack` in `<stack>.tfstate`. */
  public attach(stack: TerraformStack): void {
    new AzurermBackend(stack, {
      ...this.props,
      key: `${stack.node.id}.tfstate`,
      useAzureadAuth: true, // no account key: whoever runs Terraform needs a data role on the container
    });
  }
}
