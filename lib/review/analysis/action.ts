import type { ChangeAction } from '../model/review';
import type { RawChange } from '../plan/stack-input';

const REASONS: { readonly [reason: string]: string } = {
  replace_because_cannot_update: 'cannot be changed in place',
  replace_because_tainted: 'is tainted: a former creation or a mark of a person',
  replace_by_request: 'replacement asked for on the command line',
  replace_by_triggers: 'replace_triggered_by',
  delete_because_no_resource_config: 'no longer in the configuration',
  delete_because_no_module: 'its module is no longer in the configuration',
  delete_because_wrong_repetition: 'count or for_each came or went',
  delete_because_count_index: 'count was lowered',
  delete_because_each_key: 'its for_each key is gone',
  delete_because_no_move_target: 'moved to an address that is not in the configuration',
};

/** What Terraform will do, before we look at what it means; undefined where nothing changes. */
export function actionOf(change: RawChange): ChangeAction | undefined {
  switch (change.actions.length === 1 ? change.actions[0] : change.actions.join(' ')) {
    case 'no-op':
      if (change.importId !== undefined) return 'import';
      return change.previousAddress !== undefined ? 'move' : undefined;
    case 'create':
      return change.importId === undefined ? 'create' : 'import';
    case 'update':
      return 'update';
    case 'delete':
      return 'destroy';
    case 'delete create':
    case 'create delete':
      return 'replace';
    case 'forget':
      return 'forget';
    case 'read':
      return undefined;
    case 'create forget':
      return 'replace';
    default:
      return 'unknown';
  }
}

export function reasonOf(change: RawChange): string | undefined {
  if (change.deposed !== undefined) return 'leftover of a replacement that failed before';
  const why =
    change.actionReason === undefined ? undefined : (REASONS[change.actionReason] ?? change.actionReason.replaceAll('_', ' '));
  const [first, second] = change.actions;
  if (first === 'forget' && second === undefined) return 'leaves the state; the object lives on';
  if (first === 'create' && second === 'delete' && change.actions.length === 2)
    return [why, 'the new one is made first'].filter(Boolean).join('; ');
  return why;
}
