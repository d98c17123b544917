import type { Revision } from './traffic-split';

export interface RunbookContext {
  readonly serviceName: string;
  readonly namespace: string;
  readonly tenant: string;
  readonly environment: string;
  readonly cluster: string;
  readonly resourceGroup: string;
  readonly owner: { readonly team: string; readonly contact: string };
  /** Deployment of the declared version. */
  readonly deployment: string;
  /** "inferenceservice" or "deployment": what to describe first. */
  readonly kind: string;
  readonly gpu?: string;
  readonly url?: string;
  readonly revisions: readonly Revision[];
  readonly stablePercent: number;
  readonly latencySeconds: number;
}

/** What to do when a service alarms, with its real names and commands. */
export function runbook(context: RunbookContext): string {
  const { serviceName: service, namespace: ns, tenant, environment, owner } = context;
  return [
    `# ${tenant} / ${service} (${environment})`,
    '',
    `Owner: ${owner.team}, ${owner.contact}. ${context.url ? `Address: ${context.url}.` : 'Reached inside the cluster only.'}`,
    '',
    `Versions: ${versions(context)}.`,
    '',
    ...commands([
      `az aks get-credentials --resource-group ${context.resourceGroup} --name ${context.cluster}`,
      'kubelogin convert-kubeconfig --login azurecli',
      `kubectl --namespace ${ns} get pods --selector ml-platform/service=${service} --output wide`,
    ]),
    ...section('failed-deployment', 'Failed deployment', [
      'A version does not come up. What was there before still answers.',
      '',
      ...commands([
        `kubectl --namespace ${ns} describe ${context.kind} ${context.kind === 'deployment' ? context.deployment : service}`,
        `kubectl --namespace ${ns} get events --sort-by .lastTimestamp | tail -20`,
        `kubectl --namespace ${ns} logs deployment/${context.deployment} --all-containers --tail 100`,
      ]),
      '- `storage-initializer` fails: the path of the model is wrong, or the tenant may not read the container.',
      '- `ImagePullBackOff`: the digest is not in the registry.',
      '- `OOMKilled`: raise `memoryGib`.',
      '- `exceeded quota` in the events: ask the platform team, or run fewer replicas.',
      '',
      ...back(context),
    ]),
    ...section('errors', 'Failing requests', [
      ...commands([
        `kubectl --namespace ${ns} logs deployment/${context.deployment} --all-containers --since 15m | grep -iE "error|exception"`,
      ]),
      'Only a new version fails? Go back. All versions fail? Look at what callers send and at what the model depends on.',
      '',
      ...back(context),
    ]),
    ...section('degraded-latency', 'Degraded latency', [
      `More requests than promised take longer than ${context.latencySeconds} s.`,
      '',
      ...commands([
        `kubectl --namespace ${ns} top pods --selector ml-platform/service=${service}`,
        `kubectl --namespace ${ns} get hpa,scaledobject`,
      ]),
      '- All replicas busy and the most of them reached: raise `replicas.max`, if the quota allows.',
      '- New replicas pending: see the next section.',
      '- Only one version slow: go back.',
      '',
      ...back(context),
    ]),
    ...section(context.gpu ? 'gpu-pending' : 'pending', context.gpu ? 'GPU pending' : 'Pods pending', [
      ...(context.gpu ? [`Each replica asks for ${context.gpu}.`, ''] : []),
      ...commands([
        `kubectl --namespace ${ns} get pods --field-selector status.phase=Pending`,
        `kubectl --namespace ${ns} describe pods --selector ml-platform/service=${service} | grep -A5 Events`,
        `kubectl --namespace ${ns} describe resourcequota tenant`,
        `kubectl get nodes --label-columns ml-platform/pool,ml-platform/gpu-access`,
      ]),
      '- `NotTriggerScaleUp`: every pool that fits is at its most nodes.',
      '- Node comes but stays `NotReady`, or offers no GPU: `kubectl --namespace gpu-operator get pods`.',
      '- Azure has none left (`OverconstrainedAllocationRequest`, `SkuNotAvailable`): another zone, size or region.',
    ]),
    ...section('drift', 'Drift', [
      'The model predicts otherwise than in the week before. It may be right: the world has changed, or a caller sends other data.',
      '',
      '- Compare the input of both weeks: missing fields, units, a new caller.',
      '- Only since a version came in? Go back.',
      '- The input has changed for good? Train anew; the evaluation gate decides.',
      '',
      ...back(context),
    ]),
    ...section('no-traffic', 'No traffic', [
      ...commands([
        `kubectl --namespace ${ns} get httproute ${service} --output yaml`,
        `kubectl --namespace ${ns} get securitypolicy ${service} --output yaml`,
        ...(context.url ? [`curl --include ${context.url}/  # 401 without a token: route and gateway are well`] : []),
      ]),
      '- The route is not `Accepted`: the gateway does not take routes of this namespace.',
      '- 401 for all callers: audience or tenant of their tokens.',
      '- The route is well: ask the callers.',
    ]),
  ].join('\n');
}

function versions({ revisions, stablePercent }: RunbookContext): string {
  const others = revisions.map(
    ({ revision, kind, trafficPercent, mirrorPercent }) =>
      `${revision} (${kind}) ${trafficPercent} %${mirrorPercent > 0 ? `, copies of ${mirrorPercent} %` : ''}`,
  );
  return [`declared version ${stablePercent} % of requests`, ...others].join('; ');
}

/** How to go back, in code and at once. */
function back({ revisions, namespace, serviceName, deployment }: RunbookContext): string[] {
  if (revisions.length === 0) {
    return ['Go back: declare the previous version of the model again and deploy; the plan shows its path alone.', ''];
  }
  const patch = JSON.stringify([
    {
      op: 'replace',
      path: '/spec/rules/0/backendRefs',
      value: [{ name: deployment, port: 80, weight: 100 }],
    },
  ]);
  return [
    'Go back: add the line `service.rollback();` after the rollout and deploy; the plan shows two weights and nothing else. At once,',
    'until that is merged:',
    '',
    ...commands([`kubectl --namespace ${namespace} patch httproute ${serviceName} --type json --patch '${patch}'`]),
  ];
}

function section(id: string, title: string, lines: readonly string[]): string[] {
  return ['', `<a id="${id}"></a>`, '', `## ${title}`, '', ...lines];
}

function commands(lines: readonly string[]): string[] {
  return ['```sh', ...lines, '```', ''];
}
