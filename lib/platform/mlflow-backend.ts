import type { Construct } from 'constructs';
import type { IResourceGroup } from '../core';
import { type IMlStorage, PostgresServer } from '../data';
import { Principal, WorkloadIdentity } from '../identity';
import type { IPrivateAccess } from '../network';
import type { MlflowBackend } from './ml-platform-props';

/** Add-on, namespace, service account, database and container of the MLflow server. */
export const MLFLOW = 'mlflow';

export interface MlflowBackendInput extends MlflowBackend {
  readonly resourceGroup: IResourceGroup;
  readonly privateAccess: IPrivateAccess;
  /** Issuer of the cluster's service account tokens. */
  readonly issuerUrl: string;
  readonly storage: IMlStorage;
}

/** What stands in Azure for an MLflow server. */
export interface MadeMlflowBackend {
  readonly database: PostgresServer;
  /** Owns the tables of its database, which is why it administers the server, and its container. */
  readonly identity: WorkloadIdentity;
}

/** Makes database and identity of an MLflow server; its container belongs to the platform's storage. */
export function addMlflowBackend(scope: Construct, input: MlflowBackendInput): MadeMlflowBackend {
  const { resourceGroup, privateAccess, issuerUrl, storage, databaseSku, databaseAdminGroups = {} } = input;
  const database = new PostgresServer(scope, 'MlflowDatabase', {
    resourceGroup,
    privateAccess,
    purpose: MLFLOW,
    skuName: databaseSku,
    databases: [MLFLOW],
  });
  for (const [name, objectId] of Object.entries(databaseAdminGroups)) database.grantAdmin(Principal.group(name, objectId), name);
  const identity = new WorkloadIdentity(scope, 'Mlflow', { resourceGroup, purpose: MLFLOW });
  identity.federateServiceAccount({ issuerUrl, namespace: MLFLOW, serviceAccount: MLFLOW });
  database.grantAdmin(identity, identity.identityName);
  storage.grantWrite(identity, MLFLOW);
  return { database, identity };
}
