import { expectThat, masked } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const helmNamespaceOwned: IRule = {
  id: 'MLP-HLM-003',
  title: 'releases name their namespace and pin their images',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: ['helm_release'],
  why: 'A namespace that Helm makes has no pod security level; an image tag "latest" undoes the pinned chart.',
  fix: 'set namespace to one that AddonNamespace or Tenant makes, leave create_namespace false, pin image tags in values; to judge what the chart makes: helm template, then ml-platform check --manifests',
  check: (release) => {
    const namespace = release.value('namespace');
    const values = release.value('values');
    const latest = values.strings.some((text) => text.includes('latest') && /["']?tag["']?\s*:\s*["']?latest\b/.test(text));
    return [
      namespace.isReference
        ? Verdict.pass(namespace)
        : expectThat(namespace, { finding: 'namespace' }).holds(
            (name) => typeof name === 'string' && name !== 'default',
            'a namespace of its own',
            ['default'],
          ),
      expectThat(release.value('create_namespace'), { finding: 'create' }).is(false),
      ...(latest
        ? [Verdict.fail({ value: masked(values), finding: 'image', what: 'an image tag is "latest"', allowed: 'a fixed tag' })]
        : []),
    ];
  },
};
