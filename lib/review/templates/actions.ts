import pins from '../data/actions.json';

/** Repositories of actions that workflows may use. */
export type Action = keyof typeof pins.actions;

/**
 * What stands behind `uses:`: the commit, which nobody can move as they can a tag, and its version as the comment that Dependabot
 * reads and raises with it.
 */
export function uses(action: Action, folder?: string): string {
  const { commit, version } = pins.actions[action];
  return `${folder === undefined ? action : `${action}/${folder}`}@${commit} # ${version}`;
}
