import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globals: true, // cdktf's Testing matchers look for a global expect
    testTimeout: 30_000,
    // Two cores: more workers only load the same provider modules again.
    maxWorkers: 2,
  },
});
