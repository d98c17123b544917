import { RoleBindingV1 } from '@cdktf/provider-kubernetes/lib/role-binding-v1';
import { RoleV1, type RoleV1Rule } from '@cdktf/provider-kubernetes/lib/role-v1';
import { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';

/** Who may do what in a tenant's namespace: object ids of Entra groups. */
export interface TenantAccessOptions {
  /** See everything but secrets, and read logs. @default - nobody */
  readonly readers?: string[];
  /** Also create and change models, jobs, pipelines and configuration. @default - nobody */
  readonly developers?: string[];
  /** Also restart and scale, forward ports, open a shell in a pod. @default - nobody */
  readonly operators?: string[];
}

export interface TenantAccessProps extends TenantAccessOptions {
  readonly namespace: string;
  readonly labels: { [key: string]: string };
}

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete'];

/** Custom resources: what developers write, and what comes of it for all to see. No wildcards: a new kind is nobody's by chance. */
const CUSTOM: readonly { readonly group: string; readonly written: string[]; readonly read?: string[] }[] = [
  {
    group: 'serving.kserve.io',
    written: ['inferenceservices', 'inferencegraphs', 'llminferenceservices', 'servingruntimes'],
    read: ['llminferenceserviceconfigs', 'trainedmodels'],
  },
  { group: 'kueue.x-k8s.io', written: [], read: ['localqueues', 'workloads'] },
  { group: 'trainer.kubeflow.org', written: ['trainjobs'], read: ['trainingruntimes'] },
  { group: 'jobset.x-k8s.io', written: [], read: ['jobsets'] },
  { group: 'ray.io', written: ['rayclusters', 'rayjobs', 'rayservices'] },
  {
    group: 'argoproj.io',
    written: ['workflows', 'workflowtemplates', 'cronworkflows'],
    read: ['workflowtaskresults', 'workflowtasksets'],
  },
  { group: 'keda.sh', written: [], read: ['scaledobjects', 'scaledjobs'] },
  { group: 'gateway.networking.k8s.io', written: [], read: ['httproutes'] },
  { group: 'monitoring.coreos.com', written: [], read: ['podmonitors', 'servicemonitors', 'prometheusrules'] },
];

const READER: RoleV1Rule[] = [
  {
    apiGroups: [''],
    resources: ['pods', 'pods/log', 'services', 'endpoints', 'events', 'configmaps', 'persistentvolumeclaims', 'resourcequotas'],
    verbs: READ,
  },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets', 'statefulsets', 'daemonsets'], verbs: READ },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: READ },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: READ },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: READ },
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: READ },
  ...CUSTOM.map(({ group, written, read = [] }) => ({ apiGroups: [group], resources: [...written, ...read], verbs: READ })),
];
// No secrets, roles, quotas, network policies or service accounts: those are the platform's to give.
const DEVELOPER: RoleV1Rule[] = [
  { apiGroups: [''], resources: ['configmaps', 'persistentvolumeclaims'], verbs: WRITE },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: WRITE },
  ...CUSTOM.filter(({ written }) => written.length > 0).map(({ group, written }) => ({
    apiGroups: [group],
    resources: written,
    verbs: WRITE,
  })),
];
const OPERATOR: RoleV1Rule[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
  { apiGroups: [''], resources: ['pods/exec', 'pods/portforward'], verbs: ['create'] },
  { apiGroups: ['apps'], resources: ['deployments', 'statefulsets'], verbs: ['patch'] },
  { apiGroups: ['apps'], resources: ['deployments/scale', 'statefulsets/scale'], verbs: ['update', 'patch'] },
  { apiGroups: ['gateway.networking.k8s.io'], resources: ['httproutes'], verbs: ['patch'] },
];

/** Roles of a namespace, bound to Entra groups. Each level holds what the one before it may. */
export class TenantAccess extends Construct {
  /** @throws when a group is not given by its object id */
  constructor(scope: Construct, id: string, props: TenantAccessProps) {
    super(scope, id);
    this.bind('Reader', props, props.readers, READER);
    this.bind('Developer', props, props.developers, [...READER, ...DEVELOPER]);
    this.bind('Operator', props, props.operators, [...READER, ...DEVELOPER, ...OPERATOR]);
  }

  private bind(id: string, { namespace, labels }: TenantAccessProps, groups: string[] | undefined, rule: RoleV1Rule[]): void {
    if (!groups || groups.length === 0) return;
    for (const group of groups) {
      if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(group)) continue;
      throw new ConfigurationError(this.node.path, {
        what: `${id.toLowerCase()}s: not the object id of an Entra group`,
        got: JSON.stringify(group),
        allowed: 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx: the cluster knows groups by their id only',
        fix: 'copy it from `az ad group show --group <name> --query id`',
      });
    }
    const name = `tenant-${id.toLowerCase()}`;
    const role = new RoleV1(this, id, { metadata: { name, namespace, labels }, rule });
    new RoleBindingV1(this, `${id}Binding`, {
      metadata: { name, namespace, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.metadata.name },
      subject: groups.map((group) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group })),
    });
  }
}
