import { ADD_ONS } from '../../lib/addons/addon-catalogue';

function before(name: string): string[] {
  const relations = ADD_ONS[name];
  return relations ? [...relations.requires, ...(relations.requiresOneOf ?? []), ...relations.after] : [];
}

/** All that stands before an add-on, directly or not. */
function allBefore(name: string): Set<string> {
  const found = new Set<string>();
  const visit = (current: string) => {
    for (const earlier of before(current)) {
      if (found.has(earlier)) continue;
      found.add(earlier);
      visit(earlier);
    }
  };
  visit(name);
  return found;
}

/** "earlier --> later" for each pair that no third add-on stands between; `==>` where the later one cannot do without. */
export function edges(): string[] {
  return Object.keys(ADD_ONS).flatMap((name) => {
    const direct = [...new Set(before(name))];
    const between = new Set(direct.flatMap((earlier) => [...allBefore(earlier)]));
    const needed = [...(ADD_ONS[name]?.requires ?? []), ...(ADD_ONS[name]?.requiresOneOf ?? [])];
    return direct
      .filter((earlier) => !between.has(earlier) || needed.includes(earlier))
      .map((earlier) => `${earlier} ${needed.includes(earlier) ? '==>' : '-->'} ${name}`);
  });
}

/** Each add-on after everything that stands before it. */
export function sequence(): string[] {
  const done: string[] = [];
  const visit = (name: string) => {
    if (done.includes(name)) return;
    for (const earlier of before(name)) visit(earlier);
    done.push(name);
  };
  for (const name of Object.keys(ADD_ONS)) visit(name);
  return done;
}
